/* Runs a predicate's program over records. Knows nothing of netlink. */
#ifndef GETIFS_FILTER_H
#define GETIFS_FILTER_H
#include "getifs.h"
#include <stdbool.h>

bool filter_accepts(const struct getifs_filter *filter, const void *row, const char *extra);
/* True if the tests reject a record, whatever its members outside of the bytes `from` to `to` are. */
bool filter_rejects(const struct getifs_filter *filter, const void *row, size_t from, size_t to);
bool glob_matches(const struct getifs_glob *pattern, size_t count, const void *text, size_t size);
/* The first `bits` bits of both are equal. */
bool prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits);

#endif
