// Every code that an error of the packages can have. The type wants all of them: a new code is a compile error here.

import type { RequestErrorCode } from '@plainwire/http-client'
import type { NtpErrorCode } from '@plainwire/ntp-client'
import type { NetworkErrorCode } from '@plainwire/socket-utils'
import type { LoadErrorCode } from '@plainwire/socket-server/load'
import type { Localized } from '../language.ts'

type Code = NetworkErrorCode | RequestErrorCode | NtpErrorCode | LoadErrorCode

export const ERROR_MEANINGS: Readonly<Record<Code, Localized>> = {
  'lookup-failed': {
    en: 'No address was found for the name: it does not exist, or the name server did not answer.',
    es: 'No se encontró dirección para el nombre: no existe, o el servidor de nombres no respondió.',
  },
  'connect-refused': {
    en: 'The host answered that nothing listens on that port (RST, or ICMP port unreachable).',
    es: 'El equipo respondió que nadie escucha en ese puerto (RST, o ICMP puerto inalcanzable).',
  },
  unreachable: { en: 'No way leads to the host.', es: 'Ningún camino lleva al equipo.' },
  'timed-out': {
    en: 'No answer within the time: a silent host, a firewall that drops packets, or a slow server.',
    es: 'No hubo respuesta a tiempo: un equipo que no responde, un cortafuegos que descarta paquetes o un servidor lento.',
  },
  'connection-reset': {
    en: 'The peer broke the connection off with RST: it crashed, or bytes were left unread when it closed.',
    es: 'El otro extremo cortó la conexión con RST: se cayó, o cerró con bytes sin leer.',
  },
  'connection-closed': {
    en: 'The peer closed the connection before it had answered.',
    es: 'El otro extremo cerró la conexión antes de responder.',
  },
  'address-in-use': { en: 'Another program has this port already.', es: 'Otro programa ya tiene ese puerto.' },
  'address-unavailable': { en: 'The address is not one of this host.', es: 'La dirección no es de este equipo.' },
  'permission-denied': {
    en: 'The system does not allow it, such as a port below 1024 to a user without privileges.',
    es: 'El sistema no lo permite, como un puerto menor de 1024 a quien no tiene privilegios.',
  },
  'out-of-descriptors': {
    en: 'The process or the system has as many open files as it may have.',
    es: 'El proceso o el sistema tiene ya todos los ficheros abiertos que puede.',
  },
  'certificate-invalid': {
    en: 'The server’s certificate has expired, is for another name, or is signed by nobody we trust.',
    es: 'El certificado del servidor ha caducado, es para otro nombre, o no lo firma nadie de confianza.',
  },
  'tls-failed': {
    en: 'The TLS handshake ended without agreement: no version or cipher in common, or no TLS at all.',
    es: 'La negociación TLS acabó sin acuerdo: ninguna versión o cifrado común, o nada de TLS.',
  },
  unsupported: {
    en: 'This Node or this system cannot do it.',
    es: 'Este Node o este sistema no puede hacerlo.',
  },
  failed: { en: 'The system reported something else.', es: 'El sistema informó de otra cosa.' },
  'http/bad-request-line': {
    en: 'The first line of a request is not METHOD TARGET HTTP/1.x.',
    es: 'La primera línea de una petición no es MÉTODO DESTINO HTTP/1.x.',
  },
  'http/bad-status-line': {
    en: 'The first line of a response is not HTTP/1.x STATUS REASON: mostly the server speaks something else.',
    es: 'La primera línea de una respuesta no es HTTP/1.x ESTADO MOTIVO: casi siempre el servidor habla otra cosa.',
  },
  'http/bad-version': { en: 'A version other than 0.9, 1.0 and 1.1.', es: 'Una versión que no es 0.9, 1.0 ni 1.1.' },
  'http/bad-line-ending': {
    en: 'A line that ends without CR LF, where programs may disagree on where it ends.',
    es: 'Una línea que no acaba en CR LF, y cuyo final cada programa podría ver en otro sitio.',
  },
  'http/bad-header': {
    en: 'A header line that is no NAME: VALUE.',
    es: 'Una línea de cabecera que no es NOMBRE: VALOR.',
  },
  'http/bad-host': {
    en: 'A Host header that is none, or more than one.',
    es: 'Una cabecera Host que no lo es, o varias.',
  },
  'http/bad-content-length': {
    en: 'A Content-Length that is no number, or two that differ.',
    es: 'Un Content-Length que no es un número, o dos distintos.',
  },
  'http/bad-transfer-encoding': {
    en: 'A Transfer-Encoding that does not end in chunked, or that cannot be here.',
    es: 'Un Transfer-Encoding que no acaba en chunked, o que no cabe aquí.',
  },
  'http/ambiguous-length': {
    en: 'Two statements of how long the body is. Requests are smuggled that way, so it is refused.',
    es: 'Dos indicaciones de lo que mide el cuerpo. Así se cuelan peticiones, por eso se rechaza.',
  },
  'http/bad-chunk': {
    en: 'A chunk whose size line is no hexadecimal number, or that does not end in CR LF.',
    es: 'Un trozo cuyo tamaño no es hexadecimal, o que no acaba en CR LF.',
  },
  'http/bad-trailer': {
    en: 'A trailer line that is no header line.',
    es: 'Una línea de los campos finales (trailers) que no es de cabecera.',
  },
  'http/line-too-long': { en: 'A line longer than allowed.', es: 'Una línea más larga de lo permitido.' },
  'http/head-too-large': { en: 'A head larger than allowed.', es: 'Una cabecera mayor de lo permitido.' },
  'http/too-many-headers': { en: 'More header lines than allowed.', es: 'Más líneas de cabecera de las permitidas.' },
  'http/trailers-too-large': {
    en: 'Trailers larger than allowed.',
    es: 'Campos finales (trailers) mayores de lo permitido.',
  },
  'http/chunk-extensions-too-large': {
    en: 'Extensions of chunks that are longer than anybody needs.',
    es: 'Extensiones de trozos más largas de lo que nadie necesita.',
  },
  'http/body-too-large': { en: 'A body larger than allowed.', es: 'Un cuerpo mayor de lo permitido.' },
  'http/truncated': {
    en: 'The connection ended before the message did: Content-Length or the last chunk says that more was to come.',
    es: 'La conexión acabó antes que el mensaje: Content-Length o el último trozo dice que faltaba algo.',
  },
  'http/bad-redirect': {
    en: 'A redirect to something that is no http: or https: URL.',
    es: 'Una redirección a algo que no es una URL http: o https:.',
  },
  'http/too-many-redirects': {
    en: 'One redirect led to the next too often.',
    es: 'Demasiadas redirecciones seguidas.',
  },
  'http/bad-content-encoding': {
    en: 'Content that says it is compressed, and cannot be undone.',
    es: 'Contenido que dice estar comprimido y no se puede descomprimir.',
  },
  'ntp/short-packet': {
    en: 'Fewer than the 48 bytes of an NTP header.',
    es: 'Menos de los 48 bytes de una cabecera NTP.',
  },
  'ntp/kiss-of-death': {
    en: 'The server refuses (DENY, RSTR) or is asked too often (RATE), and says so in a packet without a time.',
    es: 'El servidor rehúsa (DENY, RSTR) o se le pregunta demasiado (RATE), y lo dice en un paquete sin hora.',
  },
  'ntp/unsynchronized': {
    en: 'The server answers, but says itself that its clock is not set.',
    es: 'El servidor responde, pero él mismo dice que su reloj no está en hora.',
  },
  'ntp/no-majority': {
    en: 'Of the servers asked too few agree on the time for any of them to be believed.',
    es: 'De los servidores preguntados coinciden demasiado pocos como para creer a alguno.',
  },
  'ntp/same-server': {
    en: 'Another name for a server that has its vote already.',
    es: 'Otro nombre de un servidor que ya tiene su voto.',
  },
  'load/truncated': {
    en: 'The server under load stopped in the middle of a reply.',
    es: 'El servidor bajo carga paró en medio de una respuesta.',
  },
  'load/bad-reply': {
    en: 'The server under load sent something that is no reply to what was asked.',
    es: 'El servidor bajo carga envió algo que no responde a lo pedido.',
  },
}

/** What the system calls the same. */
export const SYSTEM_NAMES: Readonly<Partial<Record<string, readonly string[]>>> = {
  'lookup-failed': ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'NXDOMAIN'],
  'connect-refused': ['ECONNREFUSED'],
  unreachable: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'],
  'timed-out': ['ETIMEDOUT', 'ETIMEOUT', 'timeout'],
  'connection-reset': ['ECONNRESET', 'ECONNABORTED'],
  'connection-closed': ['EPIPE'],
  'address-in-use': ['EADDRINUSE'],
  'address-unavailable': ['EADDRNOTAVAIL'],
  'permission-denied': ['EACCES', 'EPERM'],
  'out-of-descriptors': ['EMFILE', 'ENFILE'],
}
