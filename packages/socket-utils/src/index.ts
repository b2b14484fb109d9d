export {
  NetworkError,
  type NetworkErrorCode,
  networkError,
  ProtocolError,
  quoted,
  WireError,
} from './protocol/errors.ts'
