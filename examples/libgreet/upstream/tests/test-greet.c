/* SPDX-License-Identifier: MIT */
#include "../greet.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(const char *name, const char *language, const char *wanted)
{
    char line[64];

    if (greet_format(line, sizeof line, name, language) < 0)
        strcpy(line, "(unknown language)");
    if (strcmp(line, wanted) != 0) {
        fprintf(stderr, "FAIL: got \"%s\", wanted \"%s\"\n", line, wanted);
        failures++;
    }
}

int main(void)
{
    expect(NULL, NULL, "Hello, world!");
    expect("Ada", "en", "Hello, Ada!");
    expect("Ada", "fr", "Bonjour, Ada !");
    expect(NULL, "de", "Hallo, Welt!");
    expect(NULL, "xx", "(unknown language)");
    if (failures == 0)
        puts("all greetings are right");
    return failures != 0;
}
