/* SPDX-License-Identifier: MIT */
#ifndef GREET_H
#define GREET_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a greeting for NAME in LANGUAGE (a two-letter code) to BUFFER,
 * cut off at SIZE bytes including the final NUL.  A null NAME greets the
 * world; a null LANGUAGE is English.
 * Returns the length of the whole greeting, or -1 if the language is unknown. */
int greet_format(char *buffer, size_t size, const char *name, const char *language);

/* The code of the known language number INDEX, or NULL past the last one. */
const char *greet_language(size_t index);

/* The version of the library, such as "1.2.0". */
const char *greet_version(void);

#ifdef __cplusplus
}
#endif

#endif
