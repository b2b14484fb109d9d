// What just happened at the socket when a lesson's program prints a line: the system calls, and what the network saw.

import type { Localized } from '../language.ts'

const MOMENTS: readonly (readonly [line: RegExp, moment: Localized])[] = [
  [
    /^This host is called/,
    {
      en: 'gethostname() copied the name out of the kernel, where the system put it at start-up. Nothing was sent.',
      es: 'gethostname() copió el nombre del núcleo, donde el sistema lo puso al arrancar. No se envió nada.',
    },
  ],
  [
    /has the IPv[46] address|^resolved:/,
    {
      en: 'getaddrinfo() opened the hosts file, then, if the name was not there, asked a name server over UDP port 53. The address will go into connect().',
      es: 'getaddrinfo() abrió el fichero hosts y, si el nombre no estaba, preguntó a un servidor de nombres por el puerto 53 de UDP. La dirección irá a connect().',
    },
  ],
  [
    /^\d+\/\w+ is /,
    {
      en: 'getservbyport() read /etc/services line by line. No socket was opened: the table is on this machine.',
      es: 'getservbyport() leyó /etc/services línea a línea. No se abrió ningún socket: la tabla está en esta máquina.',
    },
  ],
  [
    /^request: +[0-9a-f]/,
    {
      en: 'socket(SOCK_DGRAM), connect() to fix the peer, send() of 48 bytes: one UDP datagram left. Nothing says that it will arrive.',
      es: 'socket(SOCK_DGRAM), connect() para fijar el otro extremo, send() de 48 bytes: salió un datagrama UDP. Nada asegura que llegue.',
    },
  ],
  [
    /^answer: +[0-9a-f]/,
    {
      en: 'recv() gave the datagram that came back, whole: UDP keeps borders. Its last 8 bytes are the server’s time.',
      es: 'recv() dio el datagrama que volvió, entero: UDP guarda las fronteras. Sus 8 últimos bytes son la hora del servidor.',
    },
  ],
  [
    /^time: +/,
    {
      en: 'Four datagrams went out and came back, and of the four pairs of times the one with the shortest way was believed.',
      es: 'Salieron y volvieron datagramas, y de los pares de horas se creyó el del camino más corto.',
    },
  ],
  [
    /^created:/,
    {
      en: 'socket(AF_INET, SOCK_STREAM) gave a descriptor: an entry in this process’s table of open files. The network knows nothing of it yet.',
      es: 'socket(AF_INET, SOCK_STREAM) dio un descriptor: una entrada en la tabla de ficheros abiertos del proceso. La red aún no sabe nada.',
    },
  ],
  [
    /^connected to:/,
    {
      en: 'connect() sent SYN, the server’s kernel answered SYN-ACK, ours sent ACK. The server’s program may not even have been woken.',
      es: 'connect() envió SYN, el núcleo del servidor respondió SYN-ACK y el nuestro envió ACK. Quizá el programa servidor ni se ha despertado.',
    },
  ],
  [
    /^connected from:/,
    {
      en: 'The kernel chose the local port from the ephemeral range; with both addresses and ports the connection has its name.',
      es: 'El núcleo eligió el puerto local entre los efímeros; con las dos direcciones y puertos la conexión ya tiene nombre.',
    },
  ],
  [
    /^sent \d+ /,
    {
      en: 'send() copied the bytes into the kernel’s send buffer and came back: they are on their way, not yet read by anybody.',
      es: 'send() copió los bytes al búfer de envío del núcleo y volvió: van de camino, pero nadie los ha leído aún.',
    },
  ],
  [
    /^< HTTP\//,
    {
      en: 'recv() returned the first bytes. Where the head ends only its empty line tells; TCP gave a stream, not a message.',
      es: 'recv() devolvió los primeros bytes. Dónde acaba la cabecera solo lo dice su línea vacía; TCP dio un flujo, no un mensaje.',
    },
  ],
  [
    /^received a body/,
    {
      en: 'recv() returned 0: the server sent FIN, and with it, in HTTP/1.0, the body is over. close() sends ours.',
      es: 'recv() devolvió 0: el servidor envió FIN y con eso, en HTTP/1.0, acaba el cuerpo. close() envía el nuestro.',
    },
  ],
  [
    /^bound to/,
    {
      en: 'bind() entered address and port in the kernel’s table. Without listen() a SYN is answered with RST: refused.',
      es: 'bind() apuntó dirección y puerto en la tabla del núcleo. Sin listen(), a un SYN se responde con RST: rechazado.',
    },
  ],
  [
    /^listening on/,
    {
      en: 'bind() and listen(backlog): from here the kernel completes handshakes by itself and queues them. `ss -ltn` shows the queue.',
      es: 'bind() y listen(backlog): desde aquí el núcleo completa conexiones por su cuenta y las pone en cola. `ss -ltn` la muestra.',
    },
  ],
  [
    /^accepted|^connection \d+ from/,
    {
      en: 'accept() took the first connection from the queue and gave a new descriptor for it; the old one goes on listening.',
      es: 'accept() sacó la primera conexión de la cola y dio un descriptor nuevo para ella; el viejo sigue escuchando.',
    },
  ],
  [
    /^thread \d+ serves/,
    {
      en: 'The descriptor of that client went to a thread of its own, which blocks in recv() for it alone.',
      es: 'El descriptor de ese cliente pasó a un hilo propio, que se bloquea en recv() solo por él.',
    },
  ],
  [
    /^received \d+ bytes/,
    {
      en: 'recv() returned what had arrived so far. It may be less than the client sent, or more than one send.',
      es: 'recv() devolvió lo que había llegado. Puede ser menos de lo enviado, o más de un envío.',
    },
  ],
  [
    /^(?:connection|thread) \d+ (?:ended|is done)/,
    {
      en: 'recv() returned 0: the client’s FIN. close() sent ours and gave the descriptor back.',
      es: 'recv() devolvió 0: el FIN del cliente. close() envió el nuestro y devolvió el descriptor.',
    },
  ],
  [
    /^stopped after/,
    {
      en: 'close() on the listening socket: who is still in the queue gets RST, and the port is free again.',
      es: 'close() en el socket que escucha: quien siga en la cola recibe RST, y el puerto queda libre.',
    },
  ],
]

/** Undefined for a line that only goes on with what the one before it said. */
export function momentAfter(line: string): Localized | undefined {
  return MOMENTS.find(([pattern]) => pattern.test(line))?.[1]
}
