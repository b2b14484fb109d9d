// The fifteen pictures.

import { both, l, type Sequence } from './sequence.ts'

const program = l('Your program', 'Tu programa')
const kernel = l('Kernel\nthis machine', 'Núcleo\nesta máquina')
const serverKernel = l('Kernel\nthe server', 'Núcleo\nel servidor')
const server = l('Server\nprogram', 'Programa\nservidor')
const yourServer = l('Your server', 'Tu servidor')
const client = l('A client', 'Un cliente')

const created = [
  { kind: 'arrow', from: 0, to: 1, text: both('socket(AF_INET, SOCK_STREAM)') },
  { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('descriptor 21', 'descriptor 21') },
] as const

const resolvedNote = {
  kind: 'note',
  at: 0,
  to: 1,
  text: l('socket() → 21\ngetaddrinfo() → 93.184.215.14', 'socket() → 21\ngetaddrinfo() → 93.184.215.14'),
} as const

const handshake = [
  { kind: 'arrow', from: 0, to: 1, text: both('connect()') },
  { kind: 'arrow', from: 1, to: 2, text: both('SYN') },
  { kind: 'arrow', from: 2, to: 1, text: both('SYN, ACK') },
  { kind: 'arrow', from: 1, to: 2, text: both('ACK') },
] as const

export const SEQUENCES: Readonly<Record<string, Sequence>> = {
  'basics-01': {
    title: l('A name is copied out of the kernel; nothing is sent', 'Se copia un nombre del núcleo; no se envía nada'),
    actors: [program, kernel, l('Network', 'Red')],
    events: [
      { kind: 'note', at: 1, text: l('the name, set at start-up', 'el nombre, puesto al arrancar') },
      { kind: 'arrow', from: 0, to: 1, text: both('gethostname()') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('“hermes”', '«hermes»') },
      { kind: 'note', at: 2, text: l('nobody asked,\nnobody told', 'nadie preguntó,\na nadie se contó') },
    ],
  },
  'basics-02': {
    title: l(
      'A look-up: the hosts file first, then a name server',
      'Una búsqueda: primero el fichero hosts, luego un servidor de nombres',
    ),
    actors: [
      program,
      l('Resolver\nC library', 'Resolutor\nbiblioteca C'),
      l('/etc/hosts', '/etc/hosts'),
      l('Name server\nUDP port 53', 'Servidor DNS\nUDP, puerto 53'),
    ],
    events: [
      { kind: 'arrow', from: 0, to: 1, text: both('getaddrinfo()') },
      { kind: 'arrow', from: 1, to: 2, text: l('is it here?', '¿está aquí?') },
      { kind: 'arrow', from: 2, to: 1, dashed: true, text: l('no', 'no') },
      { kind: 'arrow', from: 1, to: 3, text: l('www.google.com, A and AAAA?', 'www.google.com, ¿A y AAAA?') },
      { kind: 'arrow', from: 3, to: 1, dashed: true, text: l('142.250.200.100, …', '142.250.200.100, …') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('addresses, in order', 'direcciones, en orden') },
    ],
  },
  'basics-03': {
    title: l('A look-up in a file; no socket is opened', 'Una búsqueda en un fichero; no se abre ningún socket'),
    actors: [program, l('/etc/services', '/etc/services'), l('IANA’s registry\nbundled', 'Registro de IANA\nincluido')],
    events: [
      { kind: 'arrow', from: 0, to: 1, text: l('80, tcp?', '¿80, tcp?') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('http, alias www', 'http, alias www') },
      {
        kind: 'note',
        at: 1,
        text: l('where there is none\n(slim containers)', 'donde no lo hay\n(contenedores mínimos)'),
      },
      { kind: 'arrow', from: 0, to: 2, text: l('80, tcp?', '¿80, tcp?') },
      { kind: 'arrow', from: 2, to: 0, dashed: true, text: l('http', 'http') },
    ],
  },
  'basics-04': {
    title: l('Four timestamps of one exchange', 'Las cuatro marcas de un intercambio'),
    actors: [l('Your clock', 'Tu reloj'), l('Network', 'Red'), l('Server’s clock', 'Reloj del servidor')],
    events: [
      { kind: 'note', at: 0, text: l('T1: the question leaves', 'T1: sale la pregunta') },
      { kind: 'arrow', from: 0, to: 2, text: l('48 bytes, eight of them random', '48 bytes, ocho al azar') },
      { kind: 'note', at: 2, text: l('T2: it arrives', 'T2: llega') },
      { kind: 'note', at: 2, text: l('T3: the answer leaves', 'T3: sale la respuesta') },
      { kind: 'arrow', from: 2, to: 0, text: l('48 bytes with T2 and T3', '48 bytes con T2 y T3') },
      { kind: 'note', at: 0, text: l('T4: it is here', 'T4: ya está aquí') },
      {
        kind: 'note',
        at: 0,
        to: 2,
        text: l(
          'offset = ((T2 − T1) + (T3 − T4)) / 2\ndelay = (T4 − T1) − (T3 − T2)',
          'desfase = ((T2 − T1) + (T3 − T4)) / 2\nretardo = (T4 − T1) − (T3 − T2)',
        ),
      },
    ],
  },
  'basics-05': {
    title: l('Two datagrams, with nothing to say that they arrive', 'Dos datagramas, sin nada que asegure que llegan'),
    actors: [program, kernel, l('Server\nUDP port 123', 'Servidor\nUDP, puerto 123')],
    events: [
      { kind: 'arrow', from: 0, to: 1, text: both('socket(SOCK_DGRAM), connect()') },
      {
        kind: 'note',
        at: 1,
        text: l(
          'connect() on UDP sends nothing:\nothers’ datagrams are now dropped',
          'connect() en UDP no envía nada:\nlos datagramas ajenos ya se descartan',
        ),
      },
      { kind: 'arrow', from: 0, to: 1, text: l('send(48 bytes)', 'send(48 bytes)') },
      { kind: 'arrow', from: 1, to: 2, text: l('23 00 … random bits', '23 00 … bits al azar') },
      { kind: 'arrow', from: 2, to: 1, text: l('24 … same bits, time', '24 … esos bits, hora') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('recv() → 48 bytes', 'recv() → 48 bytes') },
      { kind: 'arrow', from: 2, to: 1, bad: true, text: l('or: lost on the way', 'o: se pierde por el camino') },
      { kind: 'note', at: 0, text: l('5 s: no answer', '5 s: sin respuesta'), bad: true },
    ],
  },
  'socket-01': {
    title: l('A descriptor, before the network knows of anything', 'Un descriptor, antes de que la red sepa nada'),
    actors: [program, kernel, l('Network', 'Red')],
    events: [
      ...created,
      {
        kind: 'note',
        at: 1,
        text: l(
          'one more entry in this process’s\ntable of open files',
          'una entrada más en la tabla de\nficheros abiertos del proceso',
        ),
      },
      { kind: 'note', at: 2, text: l('nothing was sent', 'no se envió nada') },
      { kind: 'arrow', from: 0, to: 1, text: l('socket(), once too often', 'socket(), una vez de más') },
      { kind: 'arrow', from: 1, to: 0, bad: true, text: both('EMFILE') },
    ],
  },
  'socket-02': {
    title: l('The socket exists; the address is still to be found', 'El socket existe; falta encontrar la dirección'),
    actors: [program, kernel, l('Name server', 'Servidor DNS')],
    events: [
      ...created,
      { kind: 'arrow', from: 0, to: 2, text: l('www.google.com?', '¿www.google.com?') },
      {
        kind: 'arrow',
        from: 2,
        to: 0,
        dashed: true,
        text: l('142.250.200.100, 2a00:1450:…', '142.250.200.100, 2a00:1450:…'),
      },
      {
        kind: 'note',
        at: 0,
        to: 1,
        text: l('an IPv4 socket can only use the IPv4 ones', 'un socket IPv4 solo puede usar las IPv4'),
      },
    ],
  },
  'socket-03': {
    title: l('The three packets of a handshake', 'Los tres paquetes del saludo'),
    actors: [program, kernel, serverKernel, server],
    events: [
      resolvedNote,
      ...handshake,
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('connected', 'conectado') },
      {
        kind: 'note',
        at: 2,
        to: 3,
        text: l('queued: the program\nmay still be asleep', 'en cola: quizá el programa\nni se ha despertado'),
      },
      { kind: 'arrow', from: 2, to: 1, bad: true, text: l('or RST: nobody listens', 'o RST: nadie escucha') },
    ],
  },
  'socket-04': {
    title: l('send() copies into a buffer; the network comes later', 'send() copia a un búfer; la red viene después'),
    actors: [program, kernel, serverKernel, server],
    events: [
      { kind: 'note', at: 0, to: 2, text: l('created, resolved, connected', 'creado, resuelto, conectado') },
      { kind: 'arrow', from: 0, to: 1, text: l('send(71 bytes)', 'send(71 bytes)') },
      {
        kind: 'note',
        at: 1,
        text: l(
          'send buffer: if it is full,\nonly a part is taken',
          'búfer de envío: si está lleno,\nsolo acepta una parte',
        ),
      },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('71 taken', '71 aceptados') },
      { kind: 'arrow', from: 1, to: 2, text: both('GET / HTTP/1.0 …') },
      { kind: 'arrow', from: 2, to: 1, dashed: true, text: both('ACK') },
      { kind: 'note', at: 3, text: l('has read nothing yet', 'aún no ha leído nada') },
    ],
  },
  'socket-05': {
    title: l('A response in pieces, and the FIN that ends it', 'Una respuesta a trozos, y el FIN que la acaba'),
    actors: [program, kernel, serverKernel, server],
    events: [
      { kind: 'arrow', from: 3, to: 2, text: l('write(response)', 'write(respuesta)') },
      { kind: 'arrow', from: 2, to: 1, text: l('HTTP/1.0 200 O', 'HTTP/1.0 200 O') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('recv() → 14 bytes', 'recv() → 14 bytes') },
      {
        kind: 'note',
        at: 0,
        text: l('not even a line yet:\nthe parser waits', 'ni una línea todavía:\nel analizador espera'),
      },
      { kind: 'arrow', from: 2, to: 1, text: l('K … empty line, body', 'K … línea vacía, cuerpo') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('recv() → the rest', 'recv() → el resto') },
      { kind: 'arrow', from: 3, to: 2, text: both('close()') },
      { kind: 'arrow', from: 2, to: 1, text: both('FIN') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('recv() → 0: the end', 'recv() → 0: el final') },
    ],
  },
  'server-01': {
    title: l('Bound, but deaf', 'Con dirección, pero sordo'),
    actors: [yourServer, kernel, client],
    events: [
      { kind: 'arrow', from: 0, to: 1, text: l('socket(), bind(:8888)', 'socket(), bind(:8888)') },
      { kind: 'note', at: 1, text: l('8888/tcp is taken', '8888/tcp está ocupado') },
      { kind: 'arrow', from: 2, to: 1, text: both('SYN') },
      { kind: 'arrow', from: 1, to: 2, bad: true, text: l('RST: refused', 'RST: rechazado') },
      { kind: 'note', at: 0, text: l('has noticed nothing', 'no se ha enterado') },
    ],
  },
  'server-02': {
    title: l('listen() opens a queue, accept() takes from it', 'listen() abre una cola, accept() saca de ella'),
    actors: [yourServer, kernel, client],
    events: [
      { kind: 'arrow', from: 0, to: 1, text: l('bind(), listen(backlog 5)', 'bind(), listen(backlog 5)') },
      { kind: 'arrow', from: 0, to: 1, text: l('accept(): waits', 'accept(): espera') },
      { kind: 'arrow', from: 2, to: 1, text: l('SYN … ACK', 'SYN … ACK') },
      { kind: 'note', at: 1, text: l('queue: 1 of 5', 'cola: 1 de 5') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('a new descriptor', 'un descriptor nuevo') },
      {
        kind: 'note',
        at: 0,
        text: l('one socket listens,\nanother is the client', 'un socket escucha,\notro es el cliente'),
      },
    ],
  },
  'server-03': {
    title: l('One message, there and back', 'Un mensaje, de ida y vuelta'),
    actors: [yourServer, kernel, client],
    events: [
      {
        kind: 'note',
        at: 0,
        to: 2,
        text: l('accepted: both ends are connected', 'aceptado: los dos extremos están conectados'),
      },
      { kind: 'arrow', from: 2, to: 1, text: l('“hello”', '«hola»') },
      { kind: 'arrow', from: 1, to: 0, dashed: true, text: l('recv() → 5 bytes', 'recv() → 4 bytes') },
      { kind: 'arrow', from: 0, to: 1, text: l('send(the same)', 'send(lo mismo)') },
      { kind: 'arrow', from: 1, to: 2, text: l('“hello”', '«hola»') },
      { kind: 'arrow', from: 0, to: 1, text: both('close()') },
      { kind: 'arrow', from: 1, to: 2, text: both('FIN') },
    ],
  },
  'server-04': {
    title: l(
      'One is served; the others wait in the kernel’s queue',
      'Se atiende a uno; los demás esperan en la cola del núcleo',
    ),
    actors: [yourServer, l('Kernel’s queue', 'Cola del núcleo'), l('Ada', 'Ada'), l('Bob', 'Bob')],
    events: [
      { kind: 'arrow', from: 2, to: 1, text: l('connects', 'conecta') },
      { kind: 'arrow', from: 1, to: 0, text: both('accept()') },
      { kind: 'arrow', from: 3, to: 1, text: l('connects', 'conecta') },
      { kind: 'note', at: 1, text: l('Bob is connected,\nand not accepted', 'Bob está conectado\ny sin aceptar') },
      { kind: 'arrow', from: 2, to: 0, text: l('“one”', '«uno»') },
      { kind: 'arrow', from: 0, to: 2, dashed: true, text: l('“one”', '«uno»') },
      { kind: 'arrow', from: 2, to: 0, text: both('FIN') },
      { kind: 'arrow', from: 1, to: 0, text: l('accept(): now Bob', 'accept(): ahora Bob') },
      {
        kind: 'arrow',
        from: 3,
        to: 0,
        text: l('FIN without a byte: an empty message', 'FIN sin un byte: un mensaje vacío'),
      },
      { kind: 'note', at: 0, text: l('the server stops', 'el servidor se detiene') },
    ],
  },
  'server-05': {
    title: l('The loop accepts; each client has a thread', 'El bucle acepta; cada cliente tiene un hilo'),
    actors: [
      l('Main thread', 'Hilo principal'),
      l('Thread 1', 'Hilo 1'),
      l('Thread 2', 'Hilo 2'),
      l('Clients', 'Clientes'),
    ],
    events: [
      { kind: 'arrow', from: 3, to: 0, text: l('Ada connects: accept()', 'conecta Ada: accept()') },
      { kind: 'arrow', from: 0, to: 1, text: l('Ada’s socket', 'el socket de Ada') },
      { kind: 'arrow', from: 3, to: 0, text: l('Bob connects: accept()', 'conecta Bob: accept()') },
      { kind: 'arrow', from: 0, to: 2, text: l('Bob’s socket', 'el socket de Bob') },
      { kind: 'arrow', from: 3, to: 2, text: l('Bob: “hello”', 'Bob: «hola»') },
      { kind: 'arrow', from: 2, to: 3, dashed: true, text: l('“hello”, at once', '«hola», al momento') },
      {
        kind: 'note',
        at: 1,
        text: l('Ada is silent for an hour:\nnobody else waits', 'Ada calla una hora:\nnadie más espera'),
      },
    ],
  },
}
