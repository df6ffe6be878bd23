#!/usr/bin/env bash
# Guess:  a policy zone (RPZ) that named-checkzone accepts is in force after a
#         reload that reports success; and an owner such as my_shop.bad.example
#         is as good as another, for the owners of an RPZ are names to match and
#         no hosts.
# Seen:   one address record (the usual sinkhole) at an owner with an underscore
#         makes named refuse the whole zone, because a primary zone fails on host
#         names out of rule. named-checkzone warns, says OK and exits 0 (its own
#         level is "warn"; -k fail tells), named starts, rndc reload reports
#         success, and no name of the list is stopped. With
#         "check-names primary ignore" the same file loads.
# Versions: BIND 9.18.49 of Debian 12. Seen on 2026-11-28.
set -eu
want=9.18.49
changed() { echo "changed: $*"; exit 1; }
for p in named named-checkzone rndc dig; do
  command -v "$p" >/dev/null || { echo "missing: apt-get install {bind9,bind9-utils,bind9-dnsutils}=1:9.18.49-1~deb12u3"; exit 2; }
done
have=$(named -v); echo "$have"
case $have in *"$want"*) ;; *) echo "note: written for BIND $want" ;; esac

t=$(mktemp -d); cd "$t"; pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null || :; wait "$p" 2>/dev/null || :; done; rm -rf "$t"' EXIT
port=$((20000 + RANDOM % 10000))

cat >site.zone <<'Z'
$TTL 60
@ SOA ns.example. root.example. 1 3600 600 86400 60
@ NS ns.example.
* A 198.51.100.7
Z
cat >list.zone <<'Z'
$TTL 60
@ SOA localhost. root.localhost. 1 3600 600 86400 60
@ NS localhost.
shop.bad.example A 192.0.2.1
my_shop.bad.example A 192.0.2.1
Z

# The world: a server that answers 198.51.100.7 to every name below example.
cat >site.conf <<C
options { directory "$t"; listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; };
  pid-file none; session-keyfile none; recursion no; };
controls { };
zone "example" { type primary; file "site.zone"; };
C
# The resolver: port, control port and one more option.
resolver() {
  cat <<C
options { directory "$t"; listen-on port $1 { 127.0.0.1; }; listen-on-v6 { none; };
  pid-file none; session-keyfile none; dnssec-validation no; $3
  response-policy { zone "list.test"; }; };
key k { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"; };
controls { inet 127.0.0.1 port $2 allow { 127.0.0.1; } keys { k; }; };
zone "list.test" { type primary; file "list.zone"; };
zone "example" { type forward; forward only; forwarders { 127.0.0.1 port $port; }; };
C
}
start() { # CONFIG PORT
  named -f -c "$1" >"$1.log" 2>&1 & pids="$pids $!"
  for _ in $(seq 150); do
    if [ -n "$(dig +short +time=1 +tries=1 @127.0.0.1 -p "$2" up.example 2>/dev/null | grep -v '^;')" ]; then return; fi
    sleep 0.2
  done
  cat "$1.log"; changed "named did not come up with $1"
}
ask() { dig +short +time=5 @127.0.0.1 -p "$1" "$2"; }

out=$(named-checkzone list.test list.zone) || changed "named-checkzone refuses the zone"
echo "$out"
grep -qx OK <<<"$out" || changed "named-checkzone does not say OK"
! named-checkzone -k fail list.test list.zone >/dev/null || changed "named-checkzone -k fail passes"

start site.conf "$port"
resolver $((port + 1)) $((port + 2)) '' >plain.conf
named-checkconf plain.conf
start plain.conf $((port + 1))
printf 'key k { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"; };\n' >rndc.key
told=$(rndc -k rndc.key -s 127.0.0.1 -p $((port + 2)) reload 2>&1) || changed "rndc reload fails: $told"
echo "rndc reload: $told"
got=$(ask $((port + 1)) shop.bad.example)
echo "named as it is: shop.bad.example -> $got"
[ "$got" = 198.51.100.7 ] || changed "the name without underscore is stopped"

resolver $((port + 3)) $((port + 4)) 'check-names primary ignore;' >ignore.conf
start ignore.conf $((port + 3))
for n in shop my_shop; do
  got=$(ask $((port + 3)) "$n.bad.example")
  echo "check-names primary ignore: $n.bad.example -> $got"
  [ "$got" = 192.0.2.1 ] || changed "$n.bad.example is not stopped"
done
echo "as stated"
