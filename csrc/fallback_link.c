/* Links without RTM_GETLINK: what ioctl() tells about an index. */
#define _GNU_SOURCE
#include "control.h"
#include "fallback.h"
#include <dirent.h>
#include <stdlib.h>

/* ioctl() does not report the length of the hardware address: it follows from the type. Those longer than 14 bytes are
   cut, and not kept. */
static size_t hardware_length(unsigned hw_type)
{
    switch (hw_type) {
    case ARPHRD_ETHER:
    case ARPHRD_IEEE802:
    case ARPHRD_IEEE80211:
    case ARPHRD_IEEE80211_PRISM:
    case ARPHRD_IEEE80211_RADIOTAP: return 6;
    case ARPHRD_EUI64:
    case ARPHRD_IEEE802154: return 8;
    default: return 0;
    }
}

/* Android refuses the hardware address, so it can be missing. */
static int read_optional(struct getifs_socket *control, struct ifreq *argument, struct getifs_link *link,
                         struct table *table)
{
    static const char zeros[8];
    if (control_call(control, SIOCGIFTXQLEN, argument) == 0) {
        link->tx_queue_len = (uint32_t)argument->ifr_qlen;
        link->has |= LINK_HAS_TX_QUEUE_LEN;
    }
    link->hw_type = ARPHRD_VOID;
    if (control_call(control, SIOCGIFHWADDR, argument) < 0)
        return 0;
    link->hw_type = argument->ifr_hwaddr.sa_family;
    size_t len = hardware_length(link->hw_type);
    if (memcmp(argument->ifr_hwaddr.sa_data, zeros, len) == 0)
        return 0;
    link->part_len[LINK_MAC] = (uint16_t)len;
    return table_append(table, argument->ifr_hwaddr.sa_data, len);
}

static int read_by_name(struct getifs_socket *control, struct ifreq *argument, struct getifs_link *link, struct table *table)
{
    size_t len = strnlen(argument->ifr_name, sizeof argument->ifr_name);
    link->extra_at = (uint32_t)table->extra_len;
    link->part_len[LINK_NAME] = (uint16_t)len;
    int r = table_append(table, argument->ifr_name, len);
    if (r < 0 || (r = control_call(control, SIOCGIFFLAGS, argument)) < 0)
        return r;
    link->flags = (uint16_t)argument->ifr_flags;
    if ((r = control_call(control, SIOCGIFMTU, argument)) < 0)
        return r;
    link->mtu = (uint32_t)argument->ifr_mtu;
    link->has = LINK_HAS_MTU;
    if ((r = read_optional(control, argument, link, table)) < 0)
        return r;
    link->extra_len = (uint32_t)table->extra_len - link->extra_at;
    return control_call(control, SIOCGIFINDEX, argument);
}

/* Adds the link with an index. -ENODEV: there is none. OUTCOME_RESTART: it was renamed or removed meanwhile. */
static int add_link(struct table *links, struct getifs_socket *control, uint32_t index)
{
    struct ifreq argument = {.ifr_ifindex = (int)index};
    int r = control_call(control, SIOCGIFNAME, &argument);
    if (r < 0)
        return r;
    struct getifs_link *link = table_next(links);
    if (!link)
        return -ENOMEM;
    link->index = index;
    r = read_by_name(control, &argument, link, links);
    if (r == -ENODEV || (r == 0 && (uint32_t)argument.ifr_ifindex != index))
        return OUTCOME_RESTART;
    if (r == 0)
        table_keep_unfiltered(links);
    return r;
}

/* A sandbox that refuses ioctl() too leaves the refusal of RTM_GETLINK. */
static int meaning(int result, int refusal)
{
    if (result == -ENODEV)
        return ENODEV;
    bool is_refused = result == -EPERM || result == -EACCES || result == -ENOSYS || is_unsupported(-result);
    return is_refused ? refusal : result;
}

int link_by_ioctl(struct dump *dump, int error, char *message, size_t message_size)
{
    (void)message, (void)message_size;
    if (error != EACCES && error != EPERM)
        return error;
    dump->refused = error;
    if (!dump->single)
        return 0; /* links_by_ioctl() follows */
    uint32_t index = dump->index;
    if (!index) {
        struct ifreq argument;
        if (!control_set_name(&argument, dump->name, dump->name_len))
            return error;
        int r = control_call(dump->control, SIOCGIFINDEX, &argument);
        if (r < 0)
            return meaning(r, error);
        index = (uint32_t)argument.ifr_ifindex;
    }
    return meaning(add_link(dump->table, dump->control, index), error);
}

static int append_index(struct table *indexes, uint32_t index)
{
    uint32_t *row = table_next(indexes);
    if (!row)
        return -ENOMEM;
    *row = index;
    table_keep_unfiltered(indexes);
    return 0;
}

/* The mounted /sys can be that of another network namespace: only what is found here counts. */
static int append_named(struct table *indexes, struct getifs_socket *control)
{
    DIR *directory = opendir("/sys/class/net");
    if (!directory)
        return 0;
    int r = 0;
    const struct dirent *entry;
    while (r == 0 && (entry = readdir(directory))) {
        struct ifreq argument;
        if (control_set_name(&argument, entry->d_name, strlen(entry->d_name))
            && control_call(control, SIOCGIFINDEX, &argument) == 0)
            r = append_index(indexes, (uint32_t)argument.ifr_ifindex);
    }
    closedir(directory);
    return r;
}

static int compare_indexes(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Tries all small indexes, and adds those that are known. */
static int add_links(struct table *links, struct getifs_socket *control, const struct table *known)
{
    enum { SMALL = 4096 };
    int r = 0;
    for (uint32_t index = 1; index <= SMALL; index++)
        if ((r = add_link(links, control, index)) < 0 && r != -ENODEV)
            return r;
    uint32_t last = SMALL;
    for (size_t i = 0; i < known->count; i++) {
        uint32_t index = *(const uint32_t *)table_row(known, i);
        if (index > last && (r = add_link(links, control, last = index)) < 0 && r != -ENODEV)
            return r;
    }
    return 0;
}

int links_by_ioctl(struct dump *dump, struct table *addrs)
{
    struct table indexes;
    table_init(&indexes, sizeof(uint32_t), NULL);
    int r = append_named(&indexes, dump->control);
    for (size_t i = 0; i < addrs->count && r == 0; i++)
        r = append_index(&indexes, ((const struct getifs_addr *)table_row(addrs, i))->index);
    addrs->count = addrs->malformed = 0; /* those of the answer are dumped later */
    if (indexes.count)
        qsort(indexes.rows, indexes.count, indexes.row_size, compare_indexes);
    if (r == 0)
        r = meaning(add_links(dump->table, dump->control, &indexes), dump->refused);
    table_free(&indexes);
    return r;
}
