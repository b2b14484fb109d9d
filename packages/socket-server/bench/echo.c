// The limit: an echo server of one thread with epoll and nothing else. Prints the port that it listens on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER (64 * 1024)

// What a client has not taken yet; allocated only for as long as there is something.
typedef struct {
  int fd;
  char *rest;
  size_t length, sent;
} Client;

static int poll_fd;

static void watch(Client *client, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = client};
  epoll_ctl(poll_fd, operation, client->fd, &event);
}

static void drop(Client *client) {
  close(client->fd);
  free(client->rest);
  free(client);
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  Client listener = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
  if (bind(listener.fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener.fd, 4096) < 0) return 1;
  getsockname(listener.fd, (struct sockaddr *)&address, &length);
  poll_fd = epoll_create1(0);
  watch(&listener, EPOLLIN, EPOLL_CTL_ADD);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);

  static char buffer[BUFFER];
  struct epoll_event events[512];
  for (;;) {
    int count = epoll_wait(poll_fd, events, 512, -1);
    for (int i = 0; i < count; i++) {
      Client *client = events[i].data.ptr;
      if (client == &listener) {
        int fd, one = 1;
        while ((fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          Client *fresh = calloc(1, sizeof *fresh);
          fresh->fd = fd;
          watch(fresh, EPOLLIN, EPOLL_CTL_ADD);
        }
        continue;
      }
      if (client->rest) {
        ssize_t sent = send(client->fd, client->rest + client->sent, client->length - client->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent < 0) {
          drop(client);
          continue;
        }
        client->sent += (size_t)sent;
        if (client->sent < client->length) continue;
        free(client->rest);
        client->rest = NULL;
        watch(client, EPOLLIN, EPOLL_CTL_MOD);
        continue;
      }
      ssize_t got = recv(client->fd, buffer, BUFFER, 0);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0) {
        drop(client);
        continue;
      }
      ssize_t sent = send(client->fd, buffer, (size_t)got, MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) {
        drop(client);
      } else if (sent < got) {
        if (sent < 0) sent = 0;
        client->length = (size_t)(got - sent);
        client->sent = 0;
        client->rest = malloc(client->length);
        memcpy(client->rest, buffer + sent, client->length);
        watch(client, EPOLLOUT, EPOLL_CTL_MOD);
      }
    }
  }
}
