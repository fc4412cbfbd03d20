/* SPDX-License-Identifier: MIT */
/* A daemon that counts: every few seconds it adds one to a number in a file.
 * It stays in the foreground and leaves the rest to the service manager. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    unsigned interval;
    char state[256];
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

/* Reads "key = value" lines; a line that starts with # is a comment. */
static int read_settings(const char *path, struct settings *settings)
{
    char line[512], key[32], value[256];
    FILE *file = fopen(path, "r");
    int number = 0, status = 0;

    if (file == NULL) {
        fprintf(stderr, "tickd: cannot read %s: %s\n", path, strerror(errno));
        return -1;
    }
    while (status == 0 && fgets(line, sizeof line, file) != NULL) {
        number++;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%31[a-z] = %255s", key, value) != 2)
            status = -1;
        else if (strcmp(key, "interval") == 0)
            status = (settings->interval = (unsigned)strtoul(value, NULL, 10)) > 0 ? 0 : -1;
        else if (strcmp(key, "state") == 0)
            strcpy(settings->state, value);
        else
            status = -1;
    }
    if (status != 0)
        fprintf(stderr, "tickd: %s:%d: not a setting\n", path, number);
    fclose(file);
    return status;
}

/* Adds one to the number in the file; a missing file counts as 0. */
static int tick(const char *path)
{
    unsigned long ticks = 0;
    FILE *file = fopen(path, "r");

    if (file != NULL) {
        if (fscanf(file, "%lu", &ticks) != 1)
            ticks = 0;
        fclose(file);
    }
    file = fopen(path, "w");
    if (file == NULL || fprintf(file, "%lu\n", ticks + 1) < 0 || fclose(file) != 0) {
        fprintf(stderr, "tickd: cannot write %s: %s\n", path, strerror(errno));
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct settings settings = { 60, "/var/lib/tickd/ticks" };
    struct sigaction action = { .sa_handler = stop };
    const char *path = "/etc/tickd.conf";
    int once = 0;
    int option;

    while ((option = getopt(argc, argv, "1c:")) != -1) {
        switch (option) {
        case '1':
            once = 1;
            break;
        case 'c':
            path = optarg;
            break;
        default:
            fputs("usage: tickd [-1] [-c FILE]\n", stderr);
            return 2;
        }
    }
    if (read_settings(path, &settings) != 0)
        return 1;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    do {
        if (tick(settings.state) != 0)
            return 1;
    } while (!once && sleep(settings.interval) == 0 && !stopped);
    return 0;
}
