#include "control.h"
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

int control_call(struct getifs_socket *s, unsigned long request, struct ifreq *argument)
{
    int r = socket_open_control(s);
    if (r < 0)
        return r;
    do
        r = ioctl(s->fd, request, argument);
    while (r < 0 && errno == EINTR);
    return r < 0 ? -errno : 0;
}

/* A colon begins a label: `eth0:1` would find eth0. */
bool control_set_name(struct ifreq *argument, const char *name, size_t len)
{
    memset(argument, 0, sizeof *argument);
    if (!len || len >= sizeof argument->ifr_name || memchr(name, ':', len))
        return false;
    memcpy(argument->ifr_name, name, len);
    return true;
}

static int call_ethtool(struct getifs_socket *s, struct ifreq *argument, void *command)
{
    argument->ifr_data = command;
    int r = control_call(s, SIOCETHTOOL, argument);
    argument->ifr_data = NULL;
    return r;
}

/* ETHTOOL_GLINKSETTINGS, Linux 4.6. The first call is answered with the length of the masks, negated. */
static int read_settings(struct getifs_socket *s, struct ifreq *argument, struct ethtool_link_settings *settings)
{
    enum { HEAD = sizeof *settings / 4, MOST_MASKS = 3 * INT8_MAX };
    uint32_t words[HEAD + MOST_MASKS] = {ETHTOOL_GLINKSETTINGS};
    for (int i = 0; i < 2; i++) {
        int r = call_ethtool(s, argument, words);
        if (r < 0)
            return r;
        memcpy(settings, words, sizeof *settings);
        if (settings->link_mode_masks_nwords >= 0)
            break;
        settings->link_mode_masks_nwords = (int8_t)-settings->link_mode_masks_nwords;
        settings->cmd = ETHTOOL_GLINKSETTINGS;
        memcpy(words, settings, sizeof *settings);
    }
    return settings->link_mode_masks_nwords > 0 ? 0 : -EOPNOTSUPP;
}

int control_link_mode(struct getifs_socket *s, struct ifreq *argument, uint32_t *speed, uint8_t *duplex)
{
    struct ethtool_link_settings settings;
    struct ethtool_cmd old = {.cmd = ETHTOOL_GSET};
    int r = read_settings(s, argument, &settings);
    if (r == 0) {
        *speed = settings.speed;
        *duplex = settings.duplex;
        return 0;
    }
    r = call_ethtool(s, argument, &old);
    if (r == 0) {
        *speed = (uint32_t)old.speed_hi << 16 | old.speed;
        *duplex = old.duplex;
    }
    return r;
}
