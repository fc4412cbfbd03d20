/* SPDX-License-Identifier: MIT */
/* The library: a table of languages and the function that fills in a name. */
#include "greet.h"

#include <stdio.h>
#include <string.h>

struct language {
    const char *code;
    const char *format;
    const char *world;
};

static const struct language languages[] = {
    { "de", "Hallo, %s!", "Welt" },
    { "en", "Hello, %s!", "world" },
    { "es", "\302\241Hola, %s!", "mundo" },
    { "fr", "Bonjour, %s !", "monde" },
    { "it", "Ciao, %s!", "mondo" },
};

static const size_t language_count = sizeof languages / sizeof languages[0];

static const struct language *find_language(const char *code)
{
    for (size_t i = 0; i < language_count; i++) {
        if (strcmp(languages[i].code, code) == 0)
            return &languages[i];
    }
    return NULL;
}

int greet_format(char *buffer, size_t size, const char *name, const char *language)
{
    const struct language *found = find_language(language != NULL ? language : "en");

    if (found == NULL)
        return -1;
    if (name == NULL)
        name = found->world;
    return snprintf(buffer, size, found->format, name);
}

const char *greet_language(size_t index)
{
    return index < language_count ? languages[index].code : NULL;
}

const char *greet_version(void)
{
    return GREET_VERSION;
}
