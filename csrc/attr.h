/*
 * Attributes: the only loop over them, an index of a message's attributes by type, checked getters, and
 * tables of the attributes that are copied into a record as they are.
 *
 *     |<-- rta_len ------------------------>|
 *     +-----------+------------+-----------+~~~~~~~~~+
 *     | rta_len 2 | rta_type 2 | payload … | padding |   next attribute at the next multiple of 4
 *     +-----------+------------+-----------+~~~~~~~~~+
 */
#ifndef GETIFS_ATTR_H
#define GETIFS_ATTR_H
#include "uapi.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The payload of an attribute. `data` is NULL if the attribute is absent. */
struct attr {
    const uint8_t *data;
    size_t len;
};

struct attr_iter {
    const uint8_t *at;
    size_t left;
};

enum attr_step { ATTR_END, ATTR_OK, ATTR_MALFORMED };

static inline struct attr attr_at(const uint8_t *head)
{
    uint16_t len;
    memcpy(&len, head + offsetof(struct rtattr, rta_len), sizeof len);
    return (struct attr){head + sizeof(struct rtattr), len - sizeof(struct rtattr)};
}

/* The header of the next attribute, and its type. 1 to 3 bytes at the end are padding; the padding of the last
   attribute can be missing. */
static inline enum attr_step attr_next(struct attr_iter *it, const uint8_t **head, unsigned *type)
{
    struct rtattr next;
    if (it->left < sizeof next)
        return ATTR_END;
    memcpy(&next, it->at, sizeof next);
    size_t size = next.rta_len;
    if (size < sizeof next || size > it->left)
        return ATTR_MALFORMED;
    *head = it->at;
    *type = next.rta_type & (unsigned)NLA_TYPE_MASK;
    size = (size + 3) & ~(size_t)3;
    it->at += size < it->left ? size : it->left;
    it->left -= size < it->left ? size : it->left;
    return ATTR_OK;
}

#define ATTR_TYPES 128 /* types that a set can hold; Linux 6.18 sends types up to 69 */
#define ATTR_HEADS 64  /* headers that a set remembers */
/* 0, or a compile error for a type that a set cannot hold. */
#define ATTR_CHECK(type)                                             \
    (0 * sizeof(struct {                                             \
         _Static_assert((int)(type) < ATTR_TYPES, "attribute type"); \
         int unused;                                                 \
     }))

/*
 * The attributes of one message by type, the last one of each type. Reading them in a fixed order is cheaper
 * than a switch in the loop, whose branches are hard to predict. Most messages of a dump have the same layout
 * as the message before. Comparing the headers is cheaper than walking the attributes, so the set of the
 * message before is kept if they are equal.
 */
struct attr_set {
    const uint8_t *data;
    size_t len;
    uint64_t types[ATTR_TYPES / 64]; /* one bit for each type that is present */
    uint32_t at[ATTR_TYPES];
    size_t count; /* of the remembered headers; 0: nothing to compare with */
    struct attr_head {
        uint32_t at;
        struct rtattr head;
    } heads[ATTR_HEADS];
};

static inline bool attr_set_same_layout(const struct attr_set *set, const uint8_t *data, size_t len)
{
    if (!set->count || len != set->len)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (memcmp(data + set->heads[i].at, &set->heads[i].head, sizeof(struct rtattr)) != 0)
            return false;
    return true;
}

/* False if an attribute is malformed; the set then has those before it. */
static inline bool attr_set_walk(struct attr_set *set)
{
    struct attr_iter it = {set->data, set->len};
    const uint8_t *head;
    unsigned type;
    enum attr_step step;
    size_t count = 0;
    memset(set->types, 0, sizeof set->types);
    while ((step = attr_next(&it, &head, &type)) == ATTR_OK) {
        uint32_t at = (uint32_t)(head - set->data);
        if (type < ATTR_TYPES) {
            set->at[type] = at;
            set->types[type / 64] |= (uint64_t)1 << type % 64;
        }
        if (count < ATTR_HEADS) {
            set->heads[count].at = at;
            memcpy(&set->heads[count].head, head, sizeof(struct rtattr));
        }
        count++;
    }
    set->count = step == ATTR_END && count <= ATTR_HEADS ? count : 0;
    return step == ATTR_END;
}

/* `set` was read before, or its `count` is 0. */
static inline bool attr_set_read(struct attr_set *set, const uint8_t *data, size_t len)
{
    bool same = attr_set_same_layout(set, data, len);
    set->data = data;
    set->len = len;
    return same || attr_set_walk(set);
}

static inline bool attr_set_has(const struct attr_set *set, size_t type)
{
    return set->types[type / 64] >> type % 64 & 1;
}

static inline struct attr attr_set_get(const struct attr_set *set, size_t type)
{
    return attr_set_has(set, type) ? attr_at(set->data + set->at[type]) : (struct attr){0};
}

#define attr_is(set, type) attr_set_has(set, (type) + ATTR_CHECK(type))
#define attr_of(set, type) attr_set_get(set, (type) + ATTR_CHECK(type))

/* One attribute of a nested list that may be malformed: everything before the fault counts. */
static inline struct attr attr_nested(struct attr list, unsigned wanted)
{
    struct attr_iter it = {list.data, list.len};
    struct attr found = {0};
    const uint8_t *head;
    unsigned type;
    while (attr_next(&it, &head, &type) == ATTR_OK)
        if (type == wanted)
            found = attr_at(head);
    return found;
}

/* The getters leave the value as it is if the attribute is absent or too short. */
static inline bool attr_copy(struct attr attr, void *value, size_t size)
{
    if (attr.len < size)
        return false;
    memcpy(value, attr.data, size);
    return true;
}

static inline bool attr_u32(struct attr attr, uint32_t *value)
{
    return attr_copy(attr, value, sizeof *value);
}

static inline bool attr_u16(struct attr attr, uint16_t *value)
{
    return attr_copy(attr, value, sizeof *value);
}

/* A string ends at its NUL or at the end of the payload. */
static inline struct attr attr_string(struct attr attr)
{
    const uint8_t *nul = attr.len ? memchr(attr.data, 0, attr.len) : NULL;
    return nul ? (struct attr){attr.data, (size_t)(nul - attr.data)} : attr;
}

static inline size_t address_size(unsigned family)
{
    return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

/* An address of the family. Only the head of a longer payload is read. */
static inline bool attr_address(struct attr attr, unsigned family, uint8_t *out)
{
    if (family == AF_INET)
        return attr_copy(attr, out, 4);
    return family == AF_INET6 && attr_copy(attr, out, 16);
}

/* An attribute that is copied into a record: its type, and the record's member with its bit of `has`. */
struct field {
    uint16_t type;
    uint16_t size;
    uint16_t offset;
    uint16_t has;
};
#define FIELD(type, record, member, has)                                                                    \
    {(type) + ATTR_CHECK(type), sizeof(((struct record *)0)->member), offsetof(struct record, member), has}
#define FIELD_COUNT(fields) (sizeof(fields) / sizeof(fields)[0])

/* Copies the fields that are present, and returns their bits. */
static inline unsigned fields_read(const struct field *fields, size_t count, const struct attr_set *set, void *record)
{
    unsigned has = 0;
    for (size_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        struct attr attr = attr_set_get(set, field->type);
        uint8_t *member = (uint8_t *)record + field->offset;
        bool present = field->size == 4 ? attr_copy(attr, member, 4)
            : field->size == 2          ? attr_copy(attr, member, 2)
                                        : attr_copy(attr, member, 1);
        has |= present ? field->has : 0u;
    }
    return has;
}

#endif
