/* SPDX-License-Identifier: MIT */
/* The tool: greets each name given on the command line. */
#include "greet.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int list_languages(void)
{
    const char *code;

    for (size_t i = 0; (code = greet_language(i)) != NULL; i++)
        puts(code);
    return 0;
}

static int greet(const char *name, const char *language)
{
    char line[512];

    if (greet_format(line, sizeof line, name, language) < 0) {
        fprintf(stderr, "greet: unknown language \"%s\", try \"greet -L\"\n", language);
        return 1;
    }
    puts(line);
    return 0;
}

int main(int argc, char **argv)
{
    const char *language = NULL;
    int status = 0;
    int option;

    while ((option = getopt(argc, argv, "l:LV")) != -1) {
        switch (option) {
        case 'l':
            language = optarg;
            break;
        case 'L':
            return list_languages();
        case 'V':
            printf("greet %s\n", greet_version());
            return 0;
        default:
            fputs("usage: greet [-LV] [-l LANGUAGE] [NAME...]\n", stderr);
            return 2;
        }
    }
    if (optind == argc)
        return greet(NULL, language);
    for (; optind < argc; optind++)
        status |= greet(argv[optind], language);
    return status;
}
