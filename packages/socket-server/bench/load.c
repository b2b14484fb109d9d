// The load generator of the bench: one thread, epoll, no Node, so that no run measures two of the same.
//
//   load echo  PORT CONNECTIONS BYTES SECONDS    each connection sends, reads it back whole, sends again
//   load churn PORT CLIENTS BUSY SECONDS         BUSY connections do that with 64 bytes; beside them CLIENTS connect, have one
//                                                64-byte echo, reset, and connect again
//   load idle  PORT CONNECTIONS                  holds them all open until its input ends
//
// First all that stay connect and have one echo each, so that every server works for as many, whatever its way to accept.
// Then it prints `ready`, begins when it reads a line, and prints one line of JSON at its end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  int fd;
  int churning;   // connects anew after each reply
  int connecting;
  size_t to_send, to_read;
  uint64_t since; // when its connect or its message began
  uint64_t replies;
} Connection;

static struct sockaddr_in target;
static size_t message_bytes;
static char *message, *scrap;
static int poll_fd;
static uint64_t errors, busy_replies, busy_served;
static int measures_busy, once;

// Latencies: microseconds in classes of 1/64 of a doubling.
#define CLASSES 2048
static uint64_t classes[CLASSES], latencies;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static unsigned class_of(uint64_t us) {
  if (us < 64) return (unsigned)us;
  unsigned doublings = 63u - (unsigned)__builtin_clzll(us) - 5u; // so that the rest is 32..63
  unsigned index = doublings * 32u + (unsigned)(us >> doublings);
  return index < CLASSES ? index : CLASSES - 1;
}

static double value_of(unsigned index) {
  if (index < 64) return index;
  unsigned doublings = index / 32u - 1u;
  return (double)((uint64_t)(index - doublings * 32u) << doublings);
}

static double percentile(double part) {
  if (latencies == 0) return -1;
  uint64_t wanted = (uint64_t)(part * (double)latencies), seen = 0;
  for (unsigned index = 0; index < CLASSES; index++) {
    seen += classes[index];
    if (seen > wanted) return value_of(index);
  }
  return value_of(CLASSES - 1);
}

static void record(uint64_t since) {
  classes[class_of((now_ns() - since) / 1000u)]++;
  latencies++;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(Connection *c, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(poll_fd, operation, c->fd, &event) < 0) die("epoll_ctl");
}

static void begin_message(Connection *c) {
  c->to_send = message_bytes;
  c->to_read = message_bytes;
}

static void open_connection(Connection *c) {
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("socket");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  c->since = now_ns();
  c->connecting = 1;
  begin_message(c);
  if (connect(c->fd, (struct sockaddr *)&target, sizeof target) < 0 && errno != EINPROGRESS) die("connect");
  watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void reopen(Connection *c, int failed) {
  struct linger reset = {1, 0};
  if (failed) errors++;
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close(c->fd);
  open_connection(c);
}

static int send_rest(Connection *c) {
  while (c->to_send > 0) {
    ssize_t sent = send(c->fd, message + (message_bytes - c->to_send), c->to_send, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN) {
        watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        return 0;
      }
      return -1;
    }
    c->to_send -= (size_t)sent;
  }
  return 0;
}

static void next_message(Connection *c) {
  c->since = now_ns();
  begin_message(c);
  if (send_rest(c) < 0) reopen(c, 1);
}

// -1: broken, 1: a whole reply is here.
static int read_some(Connection *c) {
  ssize_t got = recv(c->fd, scrap, 1 << 18, 0);
  if (got < 0) return errno == EAGAIN ? 0 : -1;
  if (got == 0 || (size_t)got > c->to_read) return -1;
  c->to_read -= (size_t)got;
  return c->to_read == 0;
}

static void handle(Connection *c, uint32_t events) {
  if (events & EPOLLOUT) {
    if (c->connecting) {
      int error = 0;
      socklen_t length = sizeof error;
      getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
      if (error) {
        reopen(c, 1);
        return;
      }
      c->connecting = 0;
      if (!c->churning) c->since = now_ns();
    }
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
    if (send_rest(c) < 0) {
      reopen(c, 1);
      return;
    }
  }
  if (!(events & (EPOLLIN | EPOLLERR | EPOLLHUP))) return;
  int outcome = read_some(c);
  if (outcome < 0) {
    reopen(c, 1);
  } else if (outcome > 0) {
    if (c->replies++ == 0 && !c->churning) busy_served++;
    if (c->churning) {
      record(c->since);
      reopen(c, 0);
      return;
    }
    busy_replies++;
    if (once) return;
    if (measures_busy) record(c->since);
    next_message(c);
  }
}

static void loop_until(uint64_t end, uint64_t enough) {
  struct epoll_event events[512];
  for (;;) {
    uint64_t now = now_ns();
    if (now >= end || busy_served >= enough) return;
    int count = epoll_wait(poll_fd, events, 512, (int)((end - now) / 1000000u) + 1);
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < count; i++) handle(events[i].data.ptr, events[i].events);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return fprintf(stderr, "load echo|churn|idle PORT CONNECTIONS ...\n"), 2;
  const char *mode = argv[1];
  int churn = !strcmp(mode, "churn"), idle = !strcmp(mode, "idle");
  int first = atoi(argv[3]);
  int busy = churn ? atoi(argv[4]) : first;
  int clients = churn ? first : 0;
  int total = busy + clients;
  message_bytes = churn || idle ? 64 : (size_t)atol(argv[4]);
  double seconds = idle ? 600 : atof(argv[5]);
  target.sin_family = AF_INET;
  target.sin_port = htons((uint16_t)atoi(argv[2]));
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  message = malloc(message_bytes);
  scrap = malloc(1 << 18);
  memset(message, 'x', message_bytes);
  poll_fd = epoll_create1(0);
  Connection *all = calloc((size_t)total, sizeof *all);
  measures_busy = !churn;
  once = 1;

  // In batches that fit any backlog.
  for (int i = 0; i < busy; i++) {
    open_connection(&all[i]);
    if (i % 100 == 99 || i == busy - 1) {
      loop_until(now_ns() + 20000000000u, (uint64_t)i + 1);
    }
  }
  printf("ready\n");
  fflush(stdout);
  if (idle) {
    while (getchar() != EOF) {}
    return 0;
  }
  getchar();
  once = 0;
  busy_replies = 0;
  uint64_t began = now_ns();
  memset(classes, 0, sizeof classes);
  latencies = 0;
  errors = 0;
  for (int i = 0; i < busy; i++) all[i].replies = 0;
  busy_served = 0;
  for (int i = 0; i < busy; i++) next_message(&all[i]);
  for (int i = busy; i < total; i++) {
    all[i].churning = 1;
    open_connection(&all[i]);
  }
  loop_until(began + (uint64_t)(seconds * 1e9), UINT64_MAX);
  double took = (double)(now_ns() - began) / 1e9;
  uint64_t unserved = 0;
  for (int i = 0; i < total; i++) unserved += all[i].replies == 0;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("{\"seconds\":%.3f,\"busyReplies\":%lu,\"measured\":%lu,\"p50us\":%.0f,\"p99us\":%.0f,\"p999us\":%.0f,"
         "\"errors\":%lu,\"unserved\":%lu,\"cpuSeconds\":%.2f}\n",
         took, (unsigned long)busy_replies, (unsigned long)latencies, percentile(0.5), percentile(0.99), percentile(0.999), (unsigned long)errors, (unsigned long)unserved, cpu);
  return 0;
}
