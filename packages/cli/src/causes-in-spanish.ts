// What the packages say of a fault, in Spanish. Their messages are `operation: reason`, in English and for people; the
// reasons are few and known. What is not known here is told by its code, with the English words behind it.

type Rule = readonly [english: RegExp, spanish: string]

const OPERATIONS: readonly Rule[] = [
  [/^look up the name of /, 'buscar el nombre de '],
  [/^look up /, 'buscar '],
  [/^ask the name server for /, 'preguntar al servidor de nombres por '],
  [/^connect to /, 'conectar con '],
  [/^TLS handshake with /, 'saludo TLS con '],
  [/^listen on /, 'escuchar en '],
  [/^bind to /, 'asociar a '],
  [/^bind /, 'asociar '],
  [/^accept on /, 'aceptar en '],
  [/^serve NTP on /, 'servir NTP en '],
  [/^query /, 'preguntar a '],
  [/^wait for (\S+) to close/, 'esperar a que se cierre $1'],
  [/^wait for /, 'esperar a '],
  [/^create a socket/, 'crear un socket'],
  [/^read /, 'leer '],
]

const REASONS: readonly Rule[] = [
  [/: name not found/, ': no existe ese nombre'],
  [/: name server did not answer/, ': el servidor de nombres no respondió'],
  [/: name server failed/, ': el servidor de nombres falló'],
  [/: name server refused/, ': el servidor de nombres rehusó'],
  [/: no address for this name/, ': ese nombre no tiene dirección'],
  [/: an IPv(\d) address, not IPv(\d)/, ': es una dirección IPv$1, no IPv$2'],
  [/: connection refused/, ': conexión rechazada'],
  [/: connection reset by peer/, ': el otro extremo cortó la conexión'],
  [/: connection aborted/, ': conexión interrumpida'],
  [/: connection closed by peer/, ': el otro extremo cerró la conexión'],
  [/connection closed in the middle of the head/, 'la conexión se cerró en medio de la cabecera'],
  [/connection closed in the middle of the body/, 'la conexión se cerró en medio del cuerpo'],
  [/connection closed in the middle of the /, 'la conexión se cerró en medio de: '],
  [/: empty reply/, ': respuesta vacía'],
  [/: not HTTP: it begins /, ': no es HTTP: empieza por '],
  [/: address already in use/, ': la dirección ya está en uso'],
  [/: address not available on this host/, ': esa dirección no es de este equipo'],
  [/: address family not supported/, ': familia de direcciones no admitida'],
  [/: permission denied/, ': permiso denegado'],
  [/: operation not permitted/, ': operación no permitida'],
  [/: host is down/, ': el equipo está apagado'],
  [/: no route to host/, ': no hay camino hasta el equipo'],
  [/: network is down/, ': la red está caída'],
  [/: network is unreachable/, ': la red no se alcanza'],
  [/: too many open files in the system/, ': demasiados ficheros abiertos en el sistema'],
  [/: too many open files/, ': demasiados ficheros abiertos'],
  [/: no such socket file/, ': no hay tal fichero de socket'],
  [/: no answer$/, ': sin respuesta'],
  [/: timed out after ([\d.]+) ms/, ': se acabó el tiempo tras $1 ms'],
  [/: timed out/, ': se acabó el tiempo'],
  [/ while looking up the host/, ' mientras se buscaba el equipo'],
  [/ while connecting/, ' mientras se conectaba'],
  [/ in the TLS handshake/, ' en el saludo TLS'],
  [/ while sending the request/, ' mientras se enviaba la petición'],
  [/ while waiting for the first byte/, ' mientras se esperaba el primer byte'],
  [/ while receiving the response/, ' mientras se recibía la respuesta'],
  [/ignored (\d+) datagrams?/, 'se descartaron $1 datagramas'],
  [/ of (\d+) bytes \(too short\)/, ' de $1 bytes (demasiado cortos)'],
  [/\(wrong origin\)/, '(origen equivocado)'],
  [/^nothing arrived/, 'no llegó nada'],
  [/^(\d+) ignored: /, '$1 descartados: '],
  [/: more than (\d+) redirects/, ': más de $1 redirecciones'],
  [/: redirect to /, ': redirección a '],
  [/: the certificate cannot be accepted: /, ': no se puede aceptar el certificado: '],
  [/it has expired/, 'ha caducado'],
  [/it is not valid yet/, 'aún no es válido'],
  [/it is self-signed/, 'está firmado por sí mismo'],
  [/it is signed by an authority that is not trusted/, 'lo firma una autoridad en la que no se confía'],
  [/its chain ends in a self-signed certificate that is not trusted/, 'su cadena acaba en uno firmado por sí mismo'],
  [/it is for another name, one of/, 'es para otro nombre, uno de'],
  [/it is for another name/, 'es para otro nombre'],
  [/it has been revoked/, 'ha sido revocado'],
  [/: the peer does not speak TLS/, ': el otro extremo no habla TLS'],
  [
    /: the peer speaks no version of TLS that was offered/,
    ': el otro extremo no habla ninguna versión ofrecida de TLS',
  ],
  [/: TLS failed/, ': falló TLS'],
  [/, at byte (\d+)$/, ', en el byte $1'],
]

/** Of the packages' complaints about arguments. */
const ARGUMENTS: readonly Rule[] = [
  [/^port must be (\d+) to (\d+), got /, 'el puerto debe estar entre $1 y $2; llegó '],
  [/^no port in (".*"): write host:port$/, 'falta el puerto en $1: escribe equipo:puerto'],
  [/^host must not be empty$/, 'falta el equipo'],
  [/^host must be a name, got the address /, 'tiene que ser un nombre; llegó la dirección '],
  [/^url must be an? http: or https: URL, got one of /, 'la URL debe empezar por http: o https:, no por '],
  [/^(?:url|target) must be .*, got /, 'no es una URL: '],
  [
    /^(".*") is no NTP server: write host:port or ntp:\/\/host:port$/,
    '$1 no es un servidor NTP: escribe equipo:puerto',
  ],
  [/^(".*") is no http: URL: write http:\/\/host\/path$/, '$1 no es una URL http: escribe http://equipo/ruta'],
  [/^method must be a token, got /, 'el método debe ser una palabra; llegó '],
  [/^header name must be a token, got /, 'el nombre de la cabecera debe ser una palabra; llegó '],
  [/^(".*") is no line of a hexdump$/, '$1 no es una línea de un volcado hexadecimal'],
]

/** What a code says where the words are not known. */
const CODES: readonly (readonly [code: RegExp, spanish: string])[] = [
  [/^lookup-failed$/, 'no se encontró el nombre'],
  [/^connect-refused$/, 'conexión rechazada'],
  [/^unreachable$/, 'no se alcanza'],
  [/^timed-out$/, 'se acabó el tiempo'],
  [/^connection-reset$/, 'la conexión se cortó'],
  [/^connection-closed$/, 'la conexión se cerró'],
  [/^address-in-use$/, 'la dirección ya está en uso'],
  [/^address-unavailable$/, 'esa dirección no es de este equipo'],
  [/^permission-denied$/, 'permiso denegado'],
  [/^out-of-descriptors$/, 'demasiados ficheros abiertos'],
  [/^certificate-invalid$/, 'no se puede aceptar el certificado'],
  [/^tls-failed$/, 'falló TLS'],
  [/^unsupported$/, 'no se puede con este Node o este sistema'],
  [/^http\/truncated$/, 'el servidor paró en medio del mensaje'],
  [/^http\/ambiguous-length$/, 'no se sabe dónde acaba el cuerpo'],
  [/^http\/(?:line|head|too|body|trailers|chunk-ext)/, 'el mensaje pasa de lo permitido'],
  [/^http\//, 'lo que llegó no es HTTP correcto'],
  [/^ntp\/kiss-of-death$/, 'el servidor rehúsa responder'],
  [/^ntp\/unsynchronized$/, 'el servidor no sabe la hora'],
  [/^ntp\/no-majority$/, 'los servidores no se ponen de acuerdo'],
  [/^ntp\/short-packet$/, 'no es un paquete NTP: faltan bytes'],
  [/^ntp\//, 'lo que llegó no es NTP correcto'],
  [/^load\//, 'lo que llegó no es la respuesta esperada'],
  [/./, 'algo falló'],
]

/** `code` is the fault's, for words that are not known here. */
export function inSpanish(message: string, code?: string): string {
  const argument = ARGUMENTS.find(([english]) => english.test(message))
  if (argument) return message.replace(...argument)
  // Of several attempts each is told, one after the other.
  const parts = message.split('; ')
  const told = parts.map(oneInSpanish)
  const known = told.some((text, index) => text !== parts[index])
  if (known || code === undefined) return told.join('; ')
  return `${CODES.find(([pattern]) => pattern.test(code))?.[1] ?? ''} (${message})`
}

function oneInSpanish(message: string): string {
  const operation = OPERATIONS.find(([english]) => english.test(message))
  return [...(operation ? [operation] : []), ...REASONS].reduce(
    (text, [english, spanish]) => text.replace(english, spanish),
    message,
  )
}
