# A thread for each client, as the standard library has it.
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 4096

    def handle_error(self, request, client_address):
        pass  # clients that reset, as those of the bench do


with Server(("127.0.0.1", 0), Echo) as server:
    print("listening", server.server_address[1], flush=True)
    server.serve_forever()
