// The fifteen lessons of the practical, in order: what each shows, in both languages, its program and its command.
// How one is played, and how we know that it showed what it says, stands in asking.ts and serving.ts.

import { type Localized, say } from '../language.ts'
import { asks, type Play } from './asking.ts'
import { serves } from './serving.ts'

export interface Lesson {
  readonly id: string
  /** The program, under the name by which its package exports it. */
  readonly program: string
  /** What a person types for the same. */
  readonly command: string
  readonly title: Localized
  readonly explanation: Localized
  readonly play: Play
}

const NAME = say({ en: 'NAME', es: 'NOMBRE' })
const SERVER = say({ en: 'SERVER', es: 'SERVIDOR' })

export const LESSONS: readonly Lesson[] = [
  {
    id: 'basics-01',
    program: '@plainwire/socket-utils/examples/basics-01-host-name',
    command: 'plainwire host',
    title: { en: 'The name of this host', es: 'El nombre de este equipo' },
    explanation: {
      en: 'Every machine on a network has a name of its own; the system keeps it, and gethostname() reads it. No packet is sent.',
      es: 'Cada máquina de una red tiene un nombre propio; lo guarda el sistema y gethostname() lo lee. No se envía ningún paquete.',
    },
    play: asks.hostName,
  },
  {
    id: 'basics-02',
    program: '@plainwire/socket-utils/examples/basics-02-host-by-name',
    command: `plainwire resolve ${NAME}`,
    title: { en: 'A server’s address from its name', es: 'La dirección de un servidor a partir de su nombre' },
    explanation: {
      en: 'People write names, packets carry addresses. gethostbyname() asks the hosts file and then the name servers; a name may have several addresses.',
      es: 'Las personas escriben nombres, los paquetes llevan direcciones. gethostbyname() mira el fichero hosts y luego pregunta a los servidores de nombres; un nombre puede tener varias direcciones.',
    },
    play: asks.hostByName,
  },
  {
    id: 'basics-03',
    program: '@plainwire/socket-utils/examples/basics-03-service-by-port',
    command: 'plainwire service 80/tcp',
    title: { en: 'A service’s name from its port', es: 'El nombre de un servicio a partir de su puerto' },
    explanation: {
      en: 'A port says which program on the host is meant. The well-known ones have names: getservbyport(80, "tcp") is http. The same number can be another service over udp.',
      es: 'El puerto dice a qué programa del equipo se llama. Los conocidos tienen nombre: getservbyport(80, "tcp") es http. El mismo número puede ser otro servicio por udp.',
    },
    play: asks.serviceByPort,
  },
  {
    id: 'basics-04',
    program: '@plainwire/ntp-client/examples/basics-04-time-with-library',
    command: `plainwire time ${SERVER}`,
    title: {
      en: 'The time from an NTP server, through the library',
      es: 'La hora de un servidor NTP, con la biblioteca',
    },
    explanation: {
      en: 'Four times make an answer: when the question left and arrived, when the answer left and arrived. From them come the offset of our clock and the delay of the network.',
      es: 'Cuatro horas hacen una respuesta: cuándo salió y llegó la pregunta, cuándo salió y llegó la respuesta. De ellas salen el desfase de nuestro reloj y el retardo de la red.',
    },
    play: asks.timeWithLibrary,
  },
  {
    id: 'basics-05',
    program: '@plainwire/ntp-client/examples/basics-05-time-by-hand',
    command: `plainwire time ${SERVER} --trace`,
    title: { en: 'The same by hand: 48 bytes over UDP', es: 'Lo mismo a mano: 48 bytes por UDP' },
    explanation: {
      en: 'An NTP packet is 48 bytes. The first says version and mode, the last eight are the server’s time: seconds since 1900 and their fraction. No library is needed to see that.',
      es: 'Un paquete NTP son 48 bytes. El primero dice versión y modo; los ocho últimos son la hora del servidor: segundos desde 1900 y su fracción. Para verlo no hace falta ninguna biblioteca.',
    },
    play: asks.timeByHand,
  },
  {
    id: 'socket-01',
    program: '@plainwire/http-client/examples/socket-01-create',
    command: 'plainwire get URL --stop-after create',
    title: { en: 'Create a TCP socket', es: 'Crear un socket TCP' },
    explanation: {
      en: 'socket() asks the kernel for one end of a future connection and gives a small number, the descriptor. It can fail: a process may hold only so many.',
      es: 'socket() pide al núcleo un extremo de una conexión futura y da un número pequeño, el descriptor. Puede fallar: un proceso solo puede tener unos cuantos.',
    },
    play: asks.createSocket,
  },
  {
    id: 'socket-02',
    program: '@plainwire/http-client/examples/socket-02-resolve',
    command: 'plainwire get URL --stop-after resolve',
    title: { en: '… and resolve the host', es: '… y resolver el nombre' },
    explanation: {
      en: 'The socket exists, but connect() takes an address. The URL has a name, so it is looked up first.',
      es: 'El socket existe, pero connect() quiere una dirección. La URL trae un nombre, así que primero se busca.',
    },
    play: asks.resolve,
  },
  {
    id: 'socket-03',
    program: '@plainwire/http-client/examples/socket-03-connect',
    command: 'plainwire get URL --stop-after connect',
    title: { en: '… and connect', es: '… y conectar' },
    explanation: {
      en: 'Three packets, SYN, SYN-ACK, ACK, and both ends agree. Four numbers name the connection: our address and port, theirs and theirs.',
      es: 'Tres paquetes, SYN, SYN-ACK y ACK, y los dos extremos están de acuerdo. Cuatro números nombran la conexión: nuestra dirección y puerto, y los suyos.',
    },
    play: asks.connect,
  },
  {
    id: 'socket-04',
    program: '@plainwire/http-client/examples/socket-04-send',
    command: 'plainwire get URL --stop-after send',
    title: { en: '… and send an HTTP request, all of it', es: '… y enviar una petición HTTP, entera' },
    explanation: {
      en: 'A request is text: a line that says what is wanted, headers, an empty line. send() may take only a part; a program goes on until the last byte is gone.',
      es: 'Una petición es texto: una línea que dice qué se quiere, cabeceras y una línea vacía. send() puede aceptar solo una parte; el programa sigue hasta el último byte.',
    },
    play: asks.send,
  },
  {
    id: 'socket-05',
    program: '@plainwire/http-client/examples/socket-05-receive',
    command: 'plainwire get URL',
    title: { en: '… and receive the response', es: '… y recibir la respuesta' },
    explanation: {
      en: 'The response comes in pieces that know nothing of lines. A parser puts them together: status, headers, and the body, which in HTTP/1.0 ends when the server closes.',
      es: 'La respuesta llega en trozos que no entienden de líneas. Un analizador los une: estado, cabeceras y cuerpo, que en HTTP/1.0 acaba cuando el servidor cierra.',
    },
    play: asks.receive,
  },
  {
    id: 'server-01',
    program: '@plainwire/socket-server/examples/server-01-bind',
    command: 'plainwire serve echo --strategy bind-only',
    title: { en: 'Bind to an address and a port', es: 'Asociar el socket a una dirección y un puerto' },
    explanation: {
      en: 'bind() gives the socket its address and port. Nothing listens yet: a client that tries is refused.',
      es: 'bind() da al socket su dirección y su puerto. Todavía nadie escucha: al cliente que lo intenta se le rechaza.',
    },
    play: serves.bind,
  },
  {
    id: 'server-02',
    program: '@plainwire/socket-server/examples/server-02-accept',
    command: 'plainwire serve echo --strategy once --messages 0',
    title: { en: '… listen, and accept one connection', es: '… escuchar y aceptar una conexión' },
    explanation: {
      en: 'listen() lets clients queue in the kernel, as many as the backlog says. accept() blocks until there is one, and gives a second socket for it alone.',
      es: 'listen() deja que los clientes hagan cola en el núcleo, tantos como diga el backlog. accept() se bloquea hasta que hay uno y da un segundo socket solo para él.',
    },
    play: serves.accept,
  },
  {
    id: 'server-03',
    program: '@plainwire/socket-server/examples/server-03-echo-once',
    command: 'plainwire serve echo --strategy once --messages 1',
    title: { en: '… receive one message and send it back', es: '… recibir un mensaje y devolverlo' },
    explanation: {
      en: 'A message here is what one read returns: TCP is a stream and keeps no borders, so two sends may arrive as one.',
      es: 'Aquí un mensaje es lo que devuelve una lectura: TCP es un flujo y no guarda fronteras, así que dos envíos pueden llegar como uno.',
    },
    play: serves.echoOnce,
  },
  {
    id: 'server-04',
    program: '@plainwire/socket-server/examples/server-04-iterative',
    command: 'plainwire serve echo --strategy iterative --max-connections 10',
    title: { en: 'Up to ten connections, one at a time', es: 'Hasta diez conexiones, de una en una' },
    explanation: {
      en: 'An iterative server serves one client and then the next; the others wait in the kernel’s queue, connected and unanswered. An empty message, a client that finishes without a word, stops it.',
      es: 'Un servidor iterativo atiende a un cliente y luego al siguiente; los demás esperan en la cola del núcleo, conectados y sin respuesta. Un mensaje vacío, el de un cliente que acaba sin decir nada, lo detiene.',
    },
    play: serves.iterative,
  },
  {
    id: 'server-05',
    program: '@plainwire/socket-server/examples/server-05-thread-per-client',
    command: 'plainwire serve echo --strategy thread-per-client',
    title: { en: 'A thread for every client', es: 'Un hilo para cada cliente' },
    explanation: {
      en: 'The loop only accepts; each client’s socket goes to a thread of its own. A slow client now keeps nobody waiting, and each thread has another number.',
      es: 'El bucle solo acepta; el socket de cada cliente pasa a un hilo propio. Un cliente lento ya no hace esperar a nadie, y cada hilo tiene otro número.',
    },
    play: serves.threadPerClient,
  },
]
