#!/bin/sh
# Installs, upgrades or removes the monitor as a systemd service. Run it as root; run it again whenever you like: it
# changes only what is not yet as it should be, and never your configuration or your data.
set -eu

usage() {
  cat <<'TEXT'
usage: sh install.sh [options]

  --from SPEC     what to install: a checkout, a wheel, or what pip understands
                  (default: the checkout that this script lies in, else osint-monitor from PyPI)
  --prefix DIR    where the program goes (default: /opt/monitor)
  --python FILE   which Python, 3.11 or newer (default: the newest one outside /root and /home)
  --timer         make a round every five minutes instead of running a daemon
  --no-start      install, but start nothing
  --uninstall     remove the program and its units; configuration and data stay
  --purge         with --uninstall: remove configuration, secrets and data, too
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
UNITS=/etc/systemd/system
CONFIG=/etc/monitor
DATA=/var/lib/monitor
COMMAND=/usr/local/bin/monitor
MARK='# written by the monitor'\''s install.sh'
ALL_UNITS='monitor.service monitor-once.service monitor-once.timer monitor-backup.service monitor-backup.timer
monitor-web.service monitor-web.socket'

from='' prefix=/opt/monitor python='' timer=no start=yes uninstall=no purge=no

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --from|--prefix|--python) [ $# -ge 2 ] || fail "$1 needs a value" ;;
    esac
    case $1 in
      --from) from=$2; shift ;;
      --prefix) prefix=${2%/}; shift ;;
      --python) python=$2; shift ;;
      --timer) timer=yes ;;
      --no-start) start=no ;;
      --uninstall) uninstall=yes ;;
      --purge) purge=yes ;;
      -h|--help) usage; exit 0 ;;
      *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
  done
  [ "$purge" = no ] || [ "$uninstall" = yes ] || fail "--purge goes with --uninstall only"
}

check_machine() {
  [ "$(id -u)" = 0 ] || fail "run it as root, for example: sudo sh $0"
  command -v systemctl >/dev/null || fail "there is no systemd here; see README.md for a container or cron"
  version=$(systemctl --version | awk 'NR == 1 {print $2}')
  [ "${version%%[!0-9]*}" -ge 250 ] || fail "systemd 250 or newer is needed, this is $version"
}

check_prefix() {
  case $prefix in
    /root*|/home*|/tmp*|/var/tmp*|/run*) fail "--prefix $prefix is hidden from the service; use for example /opt/monitor" ;;
    *[!A-Za-z0-9/._-]*) fail "--prefix may have letters, digits and / . _ - only" ;;
    /?*/?*) ;;
    *) fail "--prefix must be an absolute path like /opt/monitor" ;;
  esac
  if [ -d "$prefix" ] && [ -n "$(ls -A "$prefix")" ] && [ ! -e "$prefix/pyvenv.cfg" ]; then
    fail "$prefix exists and is not an installation of the monitor"
  fi
}

# The service cannot see /root and /home, so a Python from there (pyenv, uv) would not start.
fits() {
  "$1" - <<'TEXT' 2>/dev/null
import os, sys, ensurepip, venv
places = [os.path.realpath(sys.base_prefix), os.path.realpath(getattr(sys, "_base_executable", sys.executable))]
hidden = any(place.startswith(("/root/", "/home/", "/run/user/", "/tmp/")) for place in places)
sys.exit(hidden or sys.version_info < (3, 11))
TEXT
}

find_python() {
  if [ -n "$python" ]; then
    fits "$python" || fail "$python is not a Python 3.11 or newer with venv, outside /root and /home"
    return
  fi
  for name in python3.15 python3.14 python3.13 python3.12 python3.11 python3; do
    for folder in /usr/bin /usr/local/bin; do
      if [ -x "$folder/$name" ] && fits "$folder/$name"; then
        python=$folder/$name
        return
      fi
    done
  done
  fail "no Python 3.11 or newer with venv in /usr/bin or /usr/local/bin; on Debian: apt install python3-venv"
}

what_to_install() {
  if [ -n "$from" ]; then
    [ ! -e "$from" ] || from=$(realpath "$from")
  elif [ -f "$HERE/../pyproject.toml" ]; then
    from=$(realpath "$HERE/..")
  else
    from=osint-monitor
  fi
}

install_program() {
  say "Installing $from with $python into $prefix"
  if ! "$prefix/bin/python" -c 'import pip' 2>/dev/null; then
    "$python" -m venv --clear "$prefix"
  fi
  # --force-reinstall without dependencies: a checkout may have changed without a new version number.
  "$prefix/bin/python" -m pip install --quiet --upgrade "$from"
  "$prefix/bin/python" -m pip install --quiet --force-reinstall --no-deps "$from"
  "$prefix/bin/python" -m compileall -q "$prefix/lib" >/dev/null 2>&1 || true
}

# The command for people: the same configuration, data and secrets as the service has.
install_command() {
  if [ -e "$COMMAND" ] && ! grep -q "^$MARK" "$COMMAND"; then
    say "Leaving $COMMAND alone: it is not ours. The command is $prefix/bin/monitor"
    return
  fi
  mkdir -p "$(dirname "$COMMAND")"
  cat > "$COMMAND.new" <<TEXT
#!/bin/sh
$MARK
export MONITOR_CONFIG="\${MONITOR_CONFIG:-$CONFIG}" STATE_DIRECTORY="\${STATE_DIRECTORY:-$DATA}"
export CREDENTIALS_DIRECTORY="\${CREDENTIALS_DIRECTORY:-$CONFIG/secrets}"
exec $prefix/bin/monitor "\$@"
TEXT
  chmod 755 "$COMMAND.new"
  mv "$COMMAND.new" "$COMMAND"
}

install_configuration() {
  if [ ! -e "$CONFIG/monitor.yaml" ]; then
    say "Writing a starter configuration into $CONFIG"
    "$prefix/bin/monitor" init "$CONFIG" >/dev/null
  fi
  install -d -m 0700 "$CONFIG/secrets"
}

install_units() {
  mkdir -p "$UNITS"
  for unit in $ALL_UNITS; do
    sed "s#/opt/monitor#$prefix#g" "$HERE/$unit" > "$UNITS/$unit.new"
    chmod 644 "$UNITS/$unit.new"
    mv "$UNITS/$unit.new" "$UNITS/$unit"
  done
  for unit in monitor.service monitor-once.service; do allow_resolvers "$UNITS/$unit.d"; done
}

# The units refuse private addresses; a resolver in the local network must stay within reach.
allow_resolvers() {
  resolvers=$(awk '$1 == "nameserver" {sub("%.*", "", $2); printf "%s ", $2}' /etc/resolv.conf 2>/dev/null || true)
  if [ -z "$resolvers" ]; then
    rm -f "$1/10-resolvers.conf"
    return
  fi
  mkdir -p "$1"
  printf '%s\n# The resolvers of /etc/resolv.conf; run install.sh again when they change.\n[Service]\nIPAddressAllow=%s\n' \
    "$MARK" "$resolvers" > "$1/10-resolvers.conf"
  chmod 644 "$1/10-resolvers.conf"
}

is_booted() { [ -d /run/systemd/system ]; }

start_it() {
  wanted=monitor.service unwanted=monitor-once.timer
  if [ "$timer" = yes ]; then wanted=monitor-once.timer unwanted=monitor.service; fi
  if is_booted; then
    systemctl daemon-reload
    systemctl disable --quiet --now "$unwanted"
  else
    systemctl disable --quiet "$unwanted"
  fi
  systemctl enable --quiet "$wanted" monitor-backup.timer
  if [ "$start" = no ] || ! is_booted; then
    say "Nothing was started; that is: systemctl start $wanted monitor-backup.timer"
  elif ! "$COMMAND" check; then
    say "The configuration has problems (above), so nothing was started. Mend them, then: systemctl start $wanted"
  else
    systemctl start monitor-backup.timer
    systemctl restart "$wanted" || fail "$wanted did not start; see: journalctl -u ${wanted%.*} -n 50"
    systemctl try-restart monitor-web.service  # where somebody has enabled it
    say "Running: $wanted"
  fi
}

say_what_next() {
  cat <<TEXT

Next:
  1. Describe what you watch:   $CONFIG/sources.yaml and $CONFIG/rules/*.yaml
  2. Say where alerts go:       $CONFIG/monitor.yaml; put passwords into files in $CONFIG/secrets
                                (owner root, mode 0600) and write \${credential:FILE} instead
  3. Check it:                  monitor check
  4. Send a test message:       monitor alert test
  5. Changed files are read again by themselves; new secrets need: systemctl restart monitor
See also: systemctl status monitor, monitor status, journalctl -u monitor -f
TEXT
}

remove_units() {
  for unit in $ALL_UNITS; do
    [ -e "$UNITS/$unit" ] || continue
    if is_booted; then
      systemctl disable --quiet --now "$unit" 2>/dev/null || systemctl stop "$unit" || true
    else
      systemctl disable --quiet "$unit" 2>/dev/null || true
    fi
    rm -f "$UNITS/$unit" "$UNITS/$unit.d/10-resolvers.conf"
    [ "$purge" = no ] || rm -rf "$UNITS/$unit.d"
    rmdir "$UNITS/$unit.d" 2>/dev/null || true
  done
  if is_booted; then systemctl daemon-reload; fi
}

remove() {
  remove_units
  if [ -e "$COMMAND" ] && grep -q "^$MARK" "$COMMAND"; then rm -f "$COMMAND"; fi
  if [ -e "$prefix/pyvenv.cfg" ]; then rm -rf "$prefix"; fi
  if [ "$purge" = yes ]; then
    rm -rf "$CONFIG" "$DATA" /var/lib/private/monitor
    say "Removed: program, units, configuration, secrets and data."
  else
    say "Removed: program and units. Still here: $CONFIG and $DATA (--purge removes them, too)."
  fi
}

main() {
  read_options "$@"
  umask 022
  check_machine
  check_prefix
  if [ "$uninstall" = yes ]; then
    remove
    return
  fi
  find_python
  what_to_install
  install_program
  install_command
  install_configuration
  install_units
  start_it
  say_what_next
}

main "$@"
