// What the packages say of a fault, in Spanish. Their messages are `operation: reason`, in English and for people; the
// reasons are few and known. What is not known here is told by its code, with the English words behind it.

type Rule = readonly [english: RegExp, spanish: string]

/** Made when first asked for: the three hundred expressions take half a millisecond, and most commands fail at nothing. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

const operations = once((): readonly Rule[] => [
  [/^look up the name of /, 'buscar el nombre de '],
  [/^look up /, 'buscar '],
  [/^ask the name server for /, 'preguntar al servidor de nombres por '],
  [/^connect to /, 'conectar con '],
  [/^TLS handshake with /, 'negociar TLS con '],
  [/^CONNECT (\S+) through (\S+): /, 'CONNECT $1 a través de $2: '],
  [/^listen on /, 'escuchar en '],
  [/^bind to /, 'asociar a '],
  [/^bind /, 'asociar '],
  [/^accept on /, 'aceptar en '],
  [/^serve NTP on /, 'servir NTP en '],
  [/^query /, 'preguntar a '],
  [/^wait for (\S+) to close/, 'esperar a que se cierre $1'],
  [/^wait for /, 'esperar a '],
  [/^create a TCP socket for /, 'crear un socket TCP para '],
  [/^create a (?:TCP )?socket/, 'crear un socket TCP'],
  [/^synchronize: (\d+) of (\d+) servers must agree: /, 'sincronizar: deben coincidir $1 de $2 servidores: '],
  [/^line (\d+) of the key file: /, 'línea $1 del fichero de claves: '],
  [/^read /, 'leer '],
])

const reasons = once((): readonly Rule[] => [
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
  [
    /: empty reply, the server closed the connection without an answer/,
    ': respuesta vacía: el servidor cerró la conexión sin responder',
  ],
  [/: closed on this side$/, ': cerrada por este lado'],
  [/: the proxy closed the connection$/, ': el proxy cerró la conexión'],
  [/: given up$/, ': abandonado'],
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
  [/: no such socket file/, ': no existe ese fichero de socket'],
  [/: no answer$/, ': sin respuesta'],
  [/: timed out after ([\d.]+) ms/, ': se acabó el tiempo tras $1 ms'],
  [/: timed out/, ': se acabó el tiempo'],
  [/ while looking up the host/, ' mientras se buscaba el equipo'],
  [/ while connecting/, ' mientras se conectaba'],
  [/ in the TLS handshake/, ' en la negociación TLS'],
  [/ while sending the request/, ' mientras se enviaba la petición'],
  [/ while waiting for the first byte/, ' mientras se esperaba el primer byte'],
  [/ while receiving the response/, ' mientras se recibía la respuesta'],
  [/ \(look up /, ' (buscar '],
  [/: write an IPv6 address without brackets$/, ': la dirección IPv6 va sin corchetes'],
  [
    /: neither a name nor an address: write an IPv4 address as four decimal numbers$/,
    ': no es un nombre ni una dirección: una dirección IPv4 son cuatro números decimales',
  ],
  [/: not a host name$/, ': no es un nombre de equipo'],
  [/: a part between two dots is empty$/, ': falta algo entre dos puntos'],
  [/: a name has at most (\d+) letters, this has (\d+)$/, ': un nombre tiene como mucho $1 letras, este tiene $2'],
  [/: a part has at most (\d+) letters, (".*") has (\d+)$/, ': una parte tiene como mucho $1 letras, $2 tiene $3'],
  [/: needs Node (\S+) or newer, this is /, ': hace falta Node $1 o posterior; este es '],
  [
    /: .* needs Node (\S+) or newer, which can move a socket to another thread$/,
    ': hace falta Node $1 o posterior, que sabe pasar un socket a otro hilo',
  ],
  [/^this is (v\d\S*)$/, 'este es $1'],
  [/: Node (\S+) creates a socket only when it connects$/, ': Node $1 solo crea un socket al conectar'],
  [/^(\d\S*) or newer is needed$/, 'hace falta $1 o posterior'],
  [
    /^this system has no services file: (.*) does not exist$/,
    'este sistema no tiene fichero de servicios: no existe $1',
  ],
  [/(?<=^|: )ENOENT: no such file or directory(?:, .*)?$/, 'no existe ese fichero'],
  [/(?<=^|: )EISDIR: illegal operation on a directory(?:, .*)?$/, 'es un directorio'],
  [/(?<=^|: )EACCES: permission denied(?:, .*)?$/, 'sin permiso'],
  [/(?<=^|: )ENOSPC: no space left on device(?:, .*)?$/, 'no queda espacio'],
  [/(?<=^|: )EIO: i\/o error(?:, .*)?$/, 'error de entrada o salida'],
  [/^nothing arrived/, 'no llegó nada'],
  [/^(\d+) ignored: /, '$1 descartados: '],
  [/: more than (\d+) redirects/, ': más de $1 redirecciones'],
  [/: redirect to /, ': redirección a '],
  [/: the server refuses: kiss-o'-death /, ': el servidor rehúsa: kiss-o’-death '],
  [
    /: the server is not synchronized: leap (\d), stratum (\d+), root distance (-?\d+) ms$/,
    ': el servidor no está sincronizado: intercalar $1, estrato $2, distancia a la raíz $3 ms',
  ],
  [/(\S+) says (-?[\d.]+) ± ([\d.]+) ms$/, '$1 dice $2 ± $3 ms'],
  [/: (\S+) has its vote as (\S+) already$/, ': $1 ya tiene su voto, como $2'],
  [/^no answer by (\d+) ms after a majority agreed$/, 'sin respuesta $1 ms después de coincidir la mayoría'],
  [/(?<=^|: )an NTP header has 48 bytes, got (\d+)$/, 'una cabecera NTP tiene 48 bytes; llegaron $1'],
  [/: key (\d+) was there before$/, ': la clave $1 está repetida'],
  [/: a key id must be 1 to 4294967295, got /, ': el número de clave debe estar entre 1 y 4294967295; llegó '],
  [/: no algorithm (".*")$/, ': no se conoce el algoritmo $1'],
  [/: the second word is no algorithm, one of (.*)$/, ': la segunda palabra no es un algoritmo; los hay: $1'],
  [/: (\S+) takes a secret of some bytes, got (\d+)$/, ': $1 pide un secreto; llegaron $2 bytes'],
  [/: (\S+) takes a secret of (.+) bytes, got (\d+)$/, ': $1 pide un secreto de $2 bytes; llegaron $3'],
  [/: no key id$/, ': falta el número de clave'],
  [/: write id, algorithm and secret$/, ': escribe número, algoritmo y secreto'],
  [/: the secret is no hexadecimal number$/, ': el secreto no es un número hexadecimal'],
  [/: the certificate cannot be accepted: /, ': no se puede aceptar el certificado: '],
  [/it has expired/, 'ha caducado'],
  [/it is not valid yet/, 'aún no es válido'],
  [/it is self-signed/, 'está firmado por sí mismo'],
  [/it is signed by an authority that is not trusted/, 'lo firma una autoridad en la que no se confía'],
  [/its chain ends in a self-signed certificate that is not trusted/, 'su cadena acaba en uno firmado por sí mismo'],
  [/it is for another name, one of/, 'es para otro nombre, uno de'],
  [/it is for another name/, 'es para otro nombre'],
  [/it has been revoked/, 'ha sido revocado'],
  [/: its chain is too long/, ': su cadena es demasiado larga'],
  [/: its chain does not reach an authority/, ': su cadena no llega hasta una autoridad'],
  [/: its signature is wrong/, ': su firma no es correcta'],
  [/: its names cannot be read/, ': no se pueden leer sus nombres'],
  [/: it is rejected for this use/, ': está rechazado para este uso'],
  [/: it is not trusted for this use/, ': no es de confianza para este uso'],
  [/: it is not for servers/, ': no es para servidores'],
  [/: what signed it is no authority/, ': quien lo firma no es una autoridad'],
  [/: no version of TLS is left to offer/, ': no queda ninguna versión de TLS que ofrecer'],
  [/: the peer has an internal error/, ': el otro extremo tiene un error interno'],
  [/: the peer speaks none of the protocols offered/, ': el otro extremo no habla ninguno de los protocolos ofrecidos'],
  [/: the peer does not know this name/, ': el otro extremo no conoce este nombre'],
  [/: the peer asks for a certificate of ours/, ': el otro extremo pide un certificado nuestro'],
  [/: the peer does not speak TLS/, ': el otro extremo no habla TLS'],
  [
    /: the peer speaks no version of TLS that was offered/,
    ': el otro extremo no habla ninguna versión ofrecida de TLS',
  ],
  [/: TLS failed/, ': falló TLS'],
  [/, at byte (\d+)$/, ', en el byte $1'],
])

/** Of datagrams that were dropped: why, or how many for each reason. */
const drops = once((): readonly Rule[] => [
  [/\bignored 1 datagram\b/, 'se descartó 1 datagrama'],
  [/\bignored (\d+) datagrams\b/, 'se descartaron $1 datagramas'],
  [/ of (\d+) bytes \(/, ' de $1 bytes ('],
  [/\btoo short(?=[,)])/, 'longitud insuficiente'],
  [/\bwrong mode(?=[,)])/, 'modo equivocado'],
  [/\bwrong version(?=[,)])/, 'versión equivocada'],
  [/\bwrong origin(?=[,)])/, 'origen equivocado'],
  [/\bwrong mac(?=[,)])/, 'MAC equivocado'],
  [/\bzero timestamp(?=[,)])/, 'hora vacía'],
  [/\bserver clock backwards(?=[,)])/, 'el reloj del servidor retrocede'],
  [/\bnegative delay(?=[,)])/, 'retardo negativo'],
  [/\bno mac(?=[,)])/, 'sin MAC'],
  [/\bcrypto nak(?=[,)])/, 'clave no aceptada'],
  [/\bother key(?=[,)])/, 'otra clave'],
])

const httpWords = once((): readonly Rule[] => [
  [/not HTTP: it begins /, 'no es HTTP: empieza por '],
  [/not HTTP\/1\.x: it begins /, 'no es HTTP/1.x: empieza por '],
  [/not HTTP\/1\.0 or HTTP\/1\.1: /, 'no es HTTP/1.0 ni HTTP/1.1: '],
  [/a request cannot begin with /, 'una petición no puede empezar por '],
  [/no method and space in /, 'faltan el método y el espacio en '],
  [/no request target and space in /, 'faltan el destino y el espacio en '],
  [/no end after the version in /, 'falta el final tras la versión en '],
  [/no space after the version /, 'falta el espacio tras la versión '],
  [/no space after /, 'falta el espacio tras '],
  [/bad status code in /, 'código de estado incorrecto en '],
  [/LF without a CR before it/, 'LF sin CR delante'],
  [/CR without an LF after it/, 'CR sin LF detrás'],
  [/control character in /, 'carácter de control en '],
  [/header line without a colon /, 'línea de cabecera sin dos puntos '],
  [/white space before the colon after header name /, 'espacio antes de los dos puntos, tras el nombre de cabecera '],
  [/bad character in header name /, 'carácter no admitido en el nombre de cabecera '],
  [/folded header line /, 'línea de cabecera partida en dos '],
  [/more than (\d+) header lines/, 'más de $1 líneas de cabecera'],
  [/line of more than (\d+) bytes/, 'línea de más de $1 bytes'],
  [/head of more than (\d+) bytes/, 'cabecera de más de $1 bytes'],
  [/trailer section of more than (\d+) bytes/, 'campos finales de más de $1 bytes'],
  [/body of more than (\d+) bytes/, 'cuerpo de más de $1 bytes'],
  [/request body of more than (\d+) bytes/, 'cuerpo de petición de más de $1 bytes'],
  [/decoded body of more than (\d+) bytes/, 'cuerpo descomprimido de más de $1 bytes'],
  [/HTTP\/1\.1 request without Host/, 'petición HTTP/1.1 sin Host'],
  [/more than one Host: /, 'más de un Host: '],
  [/bad Host /, 'Host incorrecto '],
  [/more than one Content-Length: /, 'más de un Content-Length: '],
  [/bad Content-Length /, 'Content-Length incorrecto '],
  [/Content-Length (".*") beside Transfer-Encoding /, 'Content-Length $1 junto a Transfer-Encoding '],
  [/CONNECT request with content/, 'petición CONNECT con contenido'],
  [
    /request with Transfer-Encoding (".*"), which does not end in chunked/,
    'petición con Transfer-Encoding $1, que no acaba en chunked',
  ],
  [/bad Transfer-Encoding /, 'Transfer-Encoding incorrecto '],
  [/Transfer-Encoding (".*") in HTTP\//, 'Transfer-Encoding $1 en HTTP/'],
  [/transfer coding (".*"), which was not asked for/, 'codificación de transferencia $1, que no se pidió'],
  [/content coding (".*"), which was not asked for/, 'codificación de contenido $1, que no se pidió'],
  [/bad (\S+(?:, \S+)*) content: /, 'contenido $1 incorrecto: '],
  [/incorrect header check/, 'no empieza como debe'],
  [/unexpected end of file/, 'acaba antes de tiempo'],
  [/bad chunk size or extension /, 'tamaño o extensión de trozo incorrectos '],
  [/bad chunk size /, 'tamaño de trozo incorrecto '],
  [/chunk size too big /, 'tamaño de trozo excesivo '],
  [
    /chunk extensions of more than (\d+) bytes in one message/,
    'extensiones de trozos de más de $1 bytes en un mensaje',
  ],
  [/byte (0x\S+) instead of CRLF after a chunk/, 'byte $1 en vez de CRLF tras un trozo'],
  [/trailer (".*") is not allowed/, 'el campo final $1 no se admite'],
])

/** Of bytes that are not HTTP as it should be: what is said of them stands behind an operation, or alone. */
const httpFaults = once(() =>
  httpWords().map(([english, spanish]): Rule => [RegExp(`(?<=^|: )${english.source}`), spanish]),
)

/** Of the packages' complaints about arguments. */
const argumentFaults = once((): readonly Rule[] => [
  [/^port must be (\d+) to (\d+), got /, 'el puerto debe estar entre $1 y $2; llegó '],
  [/^no port in (".*"): write host:port$/, 'falta el puerto en $1: escribe equipo:puerto'],
  [/^no socket path in (".*"): write unix:\/path$/, 'falta la ruta del socket en $1: escribe unix:/ruta'],
  [
    /^(".*") is no endpoint: write host:port or \[v6\]:port$/,
    '$1 no es una dirección: escribe equipo:puerto o [v6]:puerto',
  ],
  [/^host must not be empty$/, 'falta el equipo'],
  [/^host must be a name, got the address /, 'tiene que ser un nombre; llegó la dirección '],
  [
    /^servers must be addresses, with or without a port, got /,
    'el servidor de nombres debe ser una dirección, con puerto o sin él; llegó ',
  ],
  [/^url must be an? http: or https: URL, got one of /, 'la URL debe empezar por http: o https:, no por '],
  [/^proxy must be an http: URL, got one of /, 'la URL del proxy debe empezar por http:, no por '],
  [/^target must be tcp:\/\/ or http:\/\/, got /, 'el destino debe empezar por tcp:// o http://; llegó '],
  [/^(?:url|target) must be .*, got /, 'no es una URL: '],
  [
    /^(".*") is no NTP server: write host:port or ntp:\/\/host:port$/,
    '$1 no es un servidor NTP: escribe equipo:puerto',
  ],
  [/^(".*") is no URL: write http:\/\/host\/path$/, '$1 no es una URL: escribe http://equipo/ruta'],
  [/^(".*") is no http: URL: write http:\/\/host\/path$/, '$1 no es una URL http: escribe http://equipo/ruta'],
  [
    /^the user name or password in the URL is no percent-encoded UTF-8$/,
    'el usuario o la contraseña de la URL no es UTF-8 codificado con %',
  ],
  [/^user name must have no colon, got /, 'el usuario no puede llevar dos puntos; llegó '],
  [/^path must be the path of a socket, got /, 'la ruta debe ser la de un socket; llegó '],
  [/^method must be a token, got /, 'el método debe ser una palabra; llegó '],
  [/^header name must be a token, got /, 'el nombre de la cabecera debe ser una palabra; llegó '],
  [
    /^header (\S+) must be ISO-8859-1 without control characters, got /,
    'la cabecera $1 debe ser ISO-8859-1 sin caracteres de control; llegó ',
  ],
  [/^HTTP\/0\.9 has no method but GET, got /, 'HTTP/0.9 no tiene más método que GET; llegó '],
  [/^HTTP\/0\.9 has no headers, got /, 'HTTP/0.9 no tiene cabeceras; llegó '],
  [/^CONNECT asks for a tunnel: .*$/, 'CONNECT pide un túnel, y esta orden no abre ninguno'],
  [/^Transfer-Encoding cannot be set: .*$/, 'Transfer-Encoding no se puede fijar: depende del cuerpo'],
  [
    /^Content-Length (".*") does not fit the body of (\d+) bytes$/,
    'Content-Length $1 no concuerda con los $2 bytes del cuerpo',
  ],
  [
    /^stopAfter 'send' shows a request that is not encrypted, got /,
    '--stop-after send muestra una petición sin cifrar; llegó ',
  ],
  [/^stopAfter shows a connection of its own, got proxy beside it$/, '--stop-after no va con --proxy'],
  [/^stopAfter shows a connection of its own, got socketPath beside it$/, '--stop-after no va con --unix-socket'],
  [/^socketPath stands alone, got a proxy beside it$/, '--unix-socket no va con --proxy'],
  [/^TLS over a Unix socket is not done, got (".*") with socketPath$/, 'por un socket Unix no se habla TLS; llegó $1'],
  [/^(".*") is no line of a hexdump$/, '$1 no es una línea de un volcado hexadecimal'],
  [
    /^line at offset (".*"), but (\d+) bytes stand before it$/,
    'la línea dice estar en $1, pero hay $2 bytes antes de ella',
  ],
  [/^Cannot convert (.*) to a boolean$/, 'no lleva valor; llegó "$1"'],
])

/** What a code says where the words are not known. */
const codes = once((): readonly (readonly [code: RegExp, spanish: string])[] => [
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
  [/^http\/bad-content-encoding$/, 'no se puede descomprimir el contenido'],
  [/^http\/(?:line|head|too|body|trailers|chunk-ext)/, 'el mensaje pasa de lo permitido'],
  [/^http\//, 'lo que llegó no es HTTP correcto'],
  [/^ntp\/kiss-of-death$/, 'el servidor rehúsa responder'],
  [/^ntp\/unsynchronized$/, 'el servidor no sabe la hora'],
  [/^ntp\/no-majority$/, 'los servidores no se ponen de acuerdo'],
  [/^ntp\/short-packet$/, 'no es un paquete NTP: faltan bytes'],
  [/^ntp\//, 'lo que llegó no es NTP correcto'],
  [/^load\//, 'lo que llegó no es la respuesta esperada'],
  [/./, 'algo falló'],
])

/** `code` is the fault's, for words that are not known here. */
export function inSpanish(message: string, code?: string): string {
  const argument = argumentFaults().find(([english]) => english.test(message))
  if (argument) return message.replace(...argument)
  // Of several attempts each is told, one after the other.
  const parts = message.split('; ')
  const told = parts.map(oneInSpanish)
  const known = told.some((text, index) => text !== parts[index])
  if (known || code === undefined) return told.join('; ')
  return `${codes().find(([pattern]) => pattern.test(code))?.[1] ?? ''} (${message})`
}

function oneInSpanish(message: string): string {
  const operation = operations().find(([english]) => english.test(message))
  return [...(operation ? [operation] : []), ...reasons(), ...drops(), ...httpFaults()].reduce(
    (text, [english, spanish]) => text.replace(english, spanish),
    message,
  )
}
