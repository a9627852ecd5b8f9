/*
 * Attributes: the only loop over them, and getters that check the length.
 *
 *     |<-- rta_len ------------------------>|
 *     +-----------+------------+-----------+~~~~~~~~~+
 *     | rta_len 2 | rta_type 2 | payload … | padding |   next attribute at the next multiple of 4
 *     +-----------+------------+-----------+~~~~~~~~~+
 */
#ifndef GETIFS_ATTR_H
#define GETIFS_ATTR_H
#include "compat.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct attr {
    const uint8_t *data;
    size_t len;
    unsigned type;
};

/* What is left is signed: the padding of a last attribute may lie behind the end. */
struct attrs {
    const uint8_t *at;
    ptrdiff_t left;
};

enum attr_step { ATTR_END, ATTR_OK, ATTR_BROKEN };

static inline struct attrs attrs_of(const void *data, size_t len)
{
    return (struct attrs){data, (ptrdiff_t)len};
}

/* 1 to 3 bytes at the end are padding. */
static inline enum attr_step attr_next(struct attrs *it, struct attr *attr)
{
    struct rtattr head;
    if (it->left < (ptrdiff_t)sizeof head)
        return ATTR_END;
    memcpy(&head, it->at, sizeof head);
    if (head.rta_len < sizeof head || head.rta_len > it->left)
        return ATTR_BROKEN;
    attr->data = it->at + sizeof head;
    attr->len = head.rta_len - sizeof head;
    attr->type = head.rta_type & (unsigned)NLA_TYPE_MASK;
    ptrdiff_t step = (head.rta_len + 3) & ~3;
    it->left -= step;
    if (it->left > 0)
        it->at += step;
    return ATTR_OK;
}

static inline bool attr_u32(const struct attr *attr, uint32_t *value)
{
    if (attr->len < sizeof *value)
        return false;
    memcpy(value, attr->data, sizeof *value);
    return true;
}

static inline bool attr_u16(const struct attr *attr, uint16_t *value)
{
    if (attr->len < sizeof *value)
        return false;
    memcpy(value, attr->data, sizeof *value);
    return true;
}

static inline bool attr_u8(const struct attr *attr, uint8_t *value)
{
    if (attr->len < sizeof *value)
        return false;
    *value = attr->data[0];
    return true;
}

/* A text ends at its NUL or at its payload's end. */
static inline size_t attr_text_len(const struct attr *attr)
{
    const uint8_t *nul = memchr(attr->data, 0, attr->len);
    return nul ? (size_t)(nul - attr->data) : attr->len;
}

static inline size_t address_size(unsigned family)
{
    return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

/* An address of the family; a longer payload is read by its head. */
static inline bool attr_address(const struct attr *attr, unsigned family, uint8_t *out)
{
    size_t size = address_size(family);
    if (!size || attr->len < size)
        return false;
    memcpy(out, attr->data, size);
    return true;
}

#endif
