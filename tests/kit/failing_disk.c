/* A disk that fails at one step: preloaded into a program, it counts what that does to files below one folder, and at
 * the step it was told of kills the program, or lets the disk be full from then on.
 *
 * A step is whatever changes files, or waits until a change is on the disk. Told by the environment:
 *   FAILING_DISK_ROOT  the folder, absolute, without links
 *   FAILING_DISK_AT    number of the step, from 1; 0: none
 *   FAILING_DISK_HOW   "kill": before the step. "torn": in the middle of a write, after any other step.
 *                      "full": the write takes half, and everything from then on answers ENOSPC.
 *   FAILING_DISK_LOG   file that gets a line for each step
 * Programs that the program starts are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char root[PATH_MAX];
static size_t root_length;
static int at, kills, tears, fills, log_file = -1;
static atomic_int steps;

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FAILING_DISK_ROOT"), *number = getenv("FAILING_DISK_AT");
    const char *how = getenv("FAILING_DISK_HOW"), *log = getenv("FAILING_DISK_LOG");
    if (!folder || !number || !how)
        return;
    snprintf(root, sizeof root, "%s", folder);
    at = atoi(number);
    kills = !strcmp(how, "kill");
    tears = !strcmp(how, "torn");
    fills = !strcmp(how, "full");
    if (log)
        log_file = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    root_length = strlen(root);
    unsetenv("LD_PRELOAD");
}

static int is_below(const char *path) {
    return root_length && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int is_named(int folder, const char *path, char *full) {
    if (!root_length || !path)
        return 0;
    if (path[0] == '/' || folder == AT_FDCWD) {
        if (path[0] == '/')
            snprintf(full, PATH_MAX, "%s", path);
        else if (getcwd(full, PATH_MAX - 1)) {
            size_t length = strlen(full);
            snprintf(full + length, PATH_MAX - length, "/%s", path);
        }
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, full, PATH_MAX - 1);
        if (length < 0)
            return 0;
        snprintf(full + length, PATH_MAX - length, "/%s", path);
    }
    return is_below(full);
}

static int is_open(int descriptor, char *full) {
    char link[64];
    if (!root_length)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, full, PATH_MAX - 1);
    if (length < 0)
        return 0;
    full[length] = 0;
    return is_below(full);
}

/* 0: go on. 1: it is torn: do it, or half of it, and call die. -1: refused, and errno says why. 2: take half. */
static int step(const char *what, const char *path) {
    int number = ++steps;
    if (log_file >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%d %s %s\n", number, what, path + root_length);
        if (REAL(write)(log_file, line, length) < 0)
            log_file = -1;
    }
    if (!at || number < at)
        return 0;
    if (number == at && kills)
        raise(SIGKILL);
    if (number == at && tears)
        return 1;
    if (fills) {
        errno = ENOSPC;
        return number == at ? 2 : -1;
    }
    return 0;
}

static void die(void) { raise(SIGKILL); }

#define WRITING(call, half)                                                                                            \
    char path[PATH_MAX];                                                                                               \
    int found = is_open(descriptor, path) ? step("write", path) : 0;                                                   \
    if (found < 0)                                                                                                     \
        return -1;                                                                                                     \
    if (found == 2 && size < 2) {                                                                                      \
        errno = ENOSPC;                                                                                                \
        return -1;                                                                                                     \
    }                                                                                                                  \
    if (found) {                                                                                                       \
        ssize_t done = half;                                                                                           \
        if (found == 1)                                                                                                \
            die();                                                                                                     \
        return done;                                                                                                   \
    }                                                                                                                  \
    return call;

ssize_t write(int descriptor, const void *data, size_t size) {
    WRITING(REAL(write)(descriptor, data, size), REAL(write)(descriptor, data, size / 2))
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t where) {
    WRITING(REAL(pwrite)(descriptor, data, size, where), REAL(pwrite)(descriptor, data, size / 2, where))
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t where) {
    WRITING(REAL(pwrite64)(descriptor, data, size, where), REAL(pwrite64)(descriptor, data, size / 2, where))
}

/* Anything else: done as a whole, or not at all. */
#define DOING(what, is_ours, call)                                                                                     \
    char path[PATH_MAX];                                                                                               \
    int found = (is_ours) ? step(what, path) : 0;                                                                      \
    if (found < 0 || found == 2)                                                                                       \
        return -1;                                                                                                     \
    int done = call;                                                                                                   \
    if (found == 1)                                                                                                    \
        die();                                                                                                         \
    return done;

int fsync(int descriptor) { DOING("fsync", is_open(descriptor, path), REAL(fsync)(descriptor)) }

int fdatasync(int descriptor) { DOING("fdatasync", is_open(descriptor, path), REAL(fdatasync)(descriptor)) }

int syncfs(int descriptor) { DOING("syncfs", is_open(descriptor, path), REAL(syncfs)(descriptor)) }

int ftruncate(int descriptor, off_t size) {
    DOING("truncate", is_open(descriptor, path), REAL(ftruncate)(descriptor, size))
}

int ftruncate64(int descriptor, off64_t size) {
    DOING("truncate", is_open(descriptor, path), REAL(ftruncate64)(descriptor, size))
}

int rename(const char *from, const char *to) { DOING("rename", is_named(AT_FDCWD, to, path), REAL(rename)(from, to)) }

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    DOING("rename", is_named(to_folder, to, path), REAL(renameat)(from_folder, from, to_folder, to))
}

int link(const char *from, const char *to) { DOING("link", is_named(AT_FDCWD, to, path), REAL(link)(from, to)) }

/* Making what is there already is no step. */
static int is_new(int folder, const char *name, char *path) {
    return is_named(folder, name, path) && access(path, F_OK) != 0;
}

int mkdir(const char *name, mode_t mode) { DOING("mkdir", is_new(AT_FDCWD, name, path), REAL(mkdir)(name, mode)) }

int mkdirat(int folder, const char *name, mode_t mode) {
    DOING("mkdir", is_new(folder, name, path), REAL(mkdirat)(folder, name, mode))
}

/* A full disk still deletes. */
#define DELETING(is_ours, call)                                                                                        \
    char path[PATH_MAX];                                                                                               \
    int found = (is_ours) ? step("unlink", path) : 0;                                                                  \
    int done = call;                                                                                                   \
    if (found == 1)                                                                                                    \
        die();                                                                                                         \
    return done;

int unlink(const char *name) { DELETING(is_named(AT_FDCWD, name, path), REAL(unlink)(name)) }

int unlinkat(int folder, const char *name, int flags) {
    DELETING(is_named(folder, name, path), REAL(unlinkat)(folder, name, flags))
}

/* Opening is a step where it makes a file, or empties one. */
static int is_step(int folder, const char *name, int flags, char *path) {
    return is_named(folder, name, path) &&
           ((flags & O_TRUNC) || ((flags & O_CREAT) && access(path, F_OK) != 0));
}

#define OPENING(folder, call)                                                                                          \
    mode_t mode = 0;                                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                               \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode = va_arg(rest, mode_t);                                                                                   \
        va_end(rest);                                                                                                  \
    }                                                                                                                  \
    DOING("open", is_step(folder, name, flags, path), call)

int open(const char *name, int flags, ...) { OPENING(AT_FDCWD, REAL(open)(name, flags, mode)) }

int open64(const char *name, int flags, ...) { OPENING(AT_FDCWD, REAL(open64)(name, flags, mode)) }

int openat(int folder, const char *name, int flags, ...) { OPENING(folder, REAL(openat)(folder, name, flags, mode)) }

int openat64(int folder, const char *name, int flags, ...) {
    OPENING(folder, REAL(openat64)(folder, name, flags, mode))
}
