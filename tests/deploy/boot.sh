#!/bin/bash
# Boots a throw-away copy of this machine with systemd as PID 1, on which the monitor was installed by deploy/install.sh.
#
#   LAB=DIR CHECKOUT=DIR unshare --mount bash boot.sh
#
# Nothing outside is changed: the root is an overlay whose upper layer is in memory. In $LAB/root the copy can be seen
# while it runs; everything ends when the first process is killed. Stage 1 installs, with the machine's network, since
# pip needs it; stage 2 boots, with a network of its own that has loopback only.
set -euo pipefail
: "${LAB:?a scratch folder}" "${CHECKOUT:?the source tree}"
R=$LAB/root

mount_root() {
  mount --make-rprivate /
  mkdir -p "$LAB/memory" "$R"
  mount -t tmpfs -o size=2g tmpfs "$LAB/memory"
  mkdir "$LAB/memory/upper" "$LAB/memory/work"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$LAB/memory/upper,workdir=$LAB/memory/work" "$R"
  mount -t tmpfs tmpfs "$R/tmp"
  mount -t tmpfs tmpfs "$R/run"
  mkdir -p "$R/run/lab"
  mount --bind "$LAB" "$R/run/lab"
  # Lower layers that are mounts of their own are not in an overlay of /.
  mkdir -p "$R/mnt/checkout"
  mount --bind "$CHECKOUT" "$R/mnt/checkout"
}

mount_devices() {
  mount -t tmpfs -o mode=755 tmpfs "$R/dev"
  local device
  for device in null zero full random urandom tty; do
    touch "$R/dev/$device"
    mount --bind "/dev/$device" "$R/dev/$device"
  done
  mkdir "$R/dev/pts" "$R/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$R/dev/pts"
  ln -s pts/ptmx "$R/dev/ptmx"
  ln -s /proc/self/fd "$R/dev/fd"
  mount -t tmpfs tmpfs "$R/dev/shm"
}

install_the_monitor() {
  mount -t proc proc "$R/proc"
  rm -rf "$R/etc/monitor" "$R/var/lib/monitor" "$R/var/lib/private/monitor" "$R/opt/monitor"
  local options
  for options in --no-start "--no-start --timer" --no-start; do  # again and again: it must be idempotent
    # shellcheck disable=SC2086
    chroot "$R" sh /mnt/checkout/deploy/install.sh $options
  done > "$LAB/install.log" 2>&1
  chroot "$R" /opt/monitor/bin/python -m pip install --quiet '/mnt/checkout[web]' >> "$LAB/install.log" 2>&1
  umount "$R/proc"
}

# Only what a service needs: no hardware, no mounts, no settings of the kernel that we share.
write_units() {
  local unit target=$R/etc/systemd/system
  printf '[Unit]\nRequires=sysinit.target basic.target\nAfter=basic.target\nAllowIsolate=yes\n' > "$target/lab.target"
  for unit in systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service systemd-firstboot.service \
    systemd-sysusers.service systemd-remount-fs.service systemd-sysctl.service systemd-timesyncd.service \
    systemd-binfmt.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
    sys-kernel-config.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount swap.target; do
    ln -sf /dev/null "$target/$unit"
  done
}

boot() {
  mount -t proc proc "$R/proc"
  mount -t sysfs -o ro sysfs "$R/sys"
  mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup" 2>/dev/null || {
    mount -t tmpfs tmpfs "$R/sys/fs/cgroup" 2>/dev/null || true
    umount "$R/sys/fs/cgroup" 2>/dev/null || true
    mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
  }
  ip link set lo up
  ip address add 10.9.9.9/32 dev lo  # a host of a private network, to see that the unit does not reach it
  mkdir -p "$R/oldroot"
  cd "$R"
  mount --make-rprivate "$R"
  pivot_root . oldroot  # a chroot is not enough: PrivateUsers= would fail
  cd /
  umount -l /oldroot
  mount --make-rshared /  # without it credentials are an empty folder
  exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --unit=lab.target --log-target=journal --show-status=no </dev/null >/dev/null 2>&1
}

if [ "${1:-}" = boot ]; then
  boot
else
  mount_root
  mount_devices
  install_the_monitor
  write_units
  exec unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child bash "$0" boot
fi
