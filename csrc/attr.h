/*
 * Attributes: the only loop over them, what a message says by type, and getters that check the length.
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

/* What is not there is empty, and its data NULL. */
struct attr {
    const uint8_t *data;
    size_t len;
};

struct attrs {
    const uint8_t *at;
    size_t left;
};

enum attr_step { ATTR_END, ATTR_OK, ATTR_BROKEN };

static inline struct attrs attrs_of(const void *data, size_t len)
{
    return (struct attrs){data, len};
}

static inline struct attr attr_at(const uint8_t *head)
{
    uint16_t len;
    memcpy(&len, head + offsetof(struct rtattr, rta_len), sizeof len);
    return (struct attr){head + sizeof(struct rtattr), len - sizeof(struct rtattr)};
}

/* Where the next one stands, and its type. 1 to 3 bytes at the end are padding; that of the last may lie behind it. */
static inline enum attr_step attr_next(struct attrs *it, const uint8_t **head, unsigned *type)
{
    struct rtattr next;
    if (it->left < sizeof next)
        return ATTR_END;
    memcpy(&next, it->at, sizeof next);
    size_t size = next.rta_len;
    if (size < sizeof next || size > it->left)
        return ATTR_BROKEN;
    *head = it->at;
    *type = next.rta_type & (unsigned)NLA_TYPE_MASK;
    size = (size + 3) & ~(size_t)3;
    it->at += size < it->left ? size : it->left;
    it->left -= size < it->left ? size : it->left;
    return ATTR_OK;
}

/*
 * The attributes of a message by their type, the last of each: looked at in a fixed order, they cost less than a switch
 * in the loop, whose jumps are hard to predict. And most messages of a dump lie like the one before them, which is told
 * quicker than it is walked: where the same headers stand at the same places, a walk finds the same.
 */
struct attr_set {
    const uint8_t *data;
    size_t len;
    uint64_t types; /* a bit for each that is there */
    uint32_t at[64];
    size_t count; /* of the headers that were met; 0: there is nothing to compare with */
    struct attr_head {
        uint32_t at;
        struct rtattr head;
    } heads[64];
};

static inline bool attr_set_lies_as_before(const struct attr_set *set, const uint8_t *data, size_t len)
{
    if (!set->count || len != set->len)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (memcmp(data + set->heads[i].at, &set->heads[i].head, sizeof(struct rtattr)) != 0)
            return false;
    return true;
}

/* False: they are broken. */
static inline bool attr_set_walk(struct attr_set *set)
{
    struct attrs it = attrs_of(set->data, set->len);
    const uint8_t *head;
    unsigned type;
    enum attr_step step;
    size_t count = 0;
    set->types = 0;
    while ((step = attr_next(&it, &head, &type)) == ATTR_OK) {
        uint32_t at = (uint32_t)(head - set->data);
        if (type < 64) {
            set->at[type] = at;
            set->types |= (uint64_t)1 << type;
        }
        if (count < 64) {
            set->heads[count].at = at;
            memcpy(&set->heads[count].head, head, sizeof(struct rtattr));
        }
        count++;
    }
    set->count = step == ATTR_END && count <= 64 ? count : 0;
    return step == ATTR_END;
}

/* The set that was read before, or one of which `count` is 0. */
static inline bool attr_set_read(struct attr_set *set, const uint8_t *data, size_t len)
{
    bool known = attr_set_lies_as_before(set, data, len);
    set->data = data;
    set->len = len;
    return known || attr_set_walk(set);
}

static inline bool attr_is(const struct attr_set *set, unsigned type)
{
    return set->types >> type & 1;
}

static inline struct attr attr_of(const struct attr_set *set, unsigned type)
{
    return attr_is(set, type) ? attr_at(set->data + set->at[type]) : (struct attr){0};
}

/* The getters leave what they can't read as it is: no attribute, or one that is too short. */
static inline bool attr_u32(struct attr attr, uint32_t *value)
{
    if (attr.len < sizeof *value)
        return false;
    memcpy(value, attr.data, sizeof *value);
    return true;
}

static inline bool attr_u16(struct attr attr, uint16_t *value)
{
    if (attr.len < sizeof *value)
        return false;
    memcpy(value, attr.data, sizeof *value);
    return true;
}

static inline bool attr_u8(struct attr attr, uint8_t *value)
{
    if (attr.len < sizeof *value)
        return false;
    *value = attr.data[0];
    return true;
}

/* A text ends at its NUL or at its payload's end. */
static inline struct attr attr_text(struct attr attr)
{
    const uint8_t *nul = attr.len ? memchr(attr.data, 0, attr.len) : NULL;
    return nul ? (struct attr){attr.data, (size_t)(nul - attr.data)} : attr;
}

static inline size_t address_size(unsigned family)
{
    return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

/* An address of the family; a longer payload is read by its head. */
static inline bool attr_address(struct attr attr, unsigned family, uint8_t *out)
{
    if (family == AF_INET && attr.len >= 4)
        memcpy(out, attr.data, 4);
    else if (family == AF_INET6 && attr.len >= 16)
        memcpy(out, attr.data, 16);
    else
        return false;
    return true;
}

#endif
