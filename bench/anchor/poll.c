/*
 * The anchor in C: polls units over libmodbus, all in one slot, and publishes each answer as a JSON array, QoS 1,
 * with libmosquitto. One thread. Stores nothing and accounts for nothing; with "quiet" it publishes nothing either.
 *   poll HOST PORT UNITS REGISTERS PERIOD_MS BROKER_PORT publish|quiet
 */
#include <errno.h>
#include <modbus.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_UNITS 250

static struct mosquitto *broker_open(int port) {
  mosquitto_lib_init();
  struct mosquitto *broker = mosquitto_new("bench-poll-c", true, NULL);
  mosquitto_max_inflight_messages_set(broker, 1000);
  if (mosquitto_connect(broker, "127.0.0.1", port, 60) != MOSQ_ERR_SUCCESS) exit(2);
  return broker;
}

static void publish(struct mosquitto *broker, int unit, const uint16_t *words, int count) {
  char topic[32], text[1024];
  int n = 0;
  snprintf(topic, sizeof topic, "bench/c/%d", unit);
  text[n++] = '[';
  for (int i = 0; i < count; i++) n += snprintf(text + n, sizeof text - n, i ? ",%u" : "%u", words[i]);
  text[n++] = ']';
  mosquitto_publish(broker, NULL, topic, n, text, 1, false);
}

int main(int argc, char **argv) {
  if (argc != 8) return 64;
  const char *host = argv[1];
  int port = atoi(argv[2]), units = atoi(argv[3]), count = atoi(argv[4]);
  long period = atol(argv[5]) * 1000000L;
  int quiet = strcmp(argv[7], "quiet") == 0;
  if (units > MAX_UNITS || count > 125) return 64;
  struct mosquitto *broker = quiet ? NULL : broker_open(atoi(argv[6]));
  modbus_t *bus[MAX_UNITS];
  uint16_t words[125];
  for (int i = 0; i < units; i++) {
    bus[i] = modbus_new_tcp(host, port);
    modbus_set_slave(bus[i], i + 1);
    if (modbus_connect(bus[i]) != 0) return 3;
  }
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  for (;;) {
    for (int i = 0; i < units; i++) {
      if (modbus_read_registers(bus[i], 0, count, words) != count) return 4;
      if (broker) publish(broker, i + 1, words, count);
    }
    due.tv_nsec += period;
    while (due.tv_nsec >= 1000000000L) due.tv_nsec -= 1000000000L, due.tv_sec++;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {}
    /* The acknowledgments of the slot before are there by now. */
    if (broker) mosquitto_loop(broker, 0, 1000);
  }
}
