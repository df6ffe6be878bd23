#!/usr/bin/env bash
# Guess:  a time stamp (RFC 3161) is there to outlive its authority's certificate:
#         openssl ts -verify asks whether that was valid at the time in the token;
#         and openssl ts -reply, playing the authority, refuses to stamp once it has
#         ended.
# Seen:   both the other way round. ts -verify holds the certificate against the
#         clock of the machine that verifies: the same token is "OK" and, seconds
#         later, "FAILED: certificate has expired". The time in the token has to be
#         read out and given as -attime. ts -reply grants with an ended certificate.
# Versions: OpenSSL 3.0.19 of Debian 12. Seen on 2026-11-28.
set -eu
changed() { echo "changed: $*"; exit 1; }
command -v openssl >/dev/null || { echo "missing: apt-get install openssl=3.0.19-1~deb12u2"; exit 2; }
have=$(openssl version); echo "$have"
case $have in "OpenSSL 3.0."*) ;; *) echo "note: written for OpenSSL 3.0.19" ;; esac

t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; cd "$t"
cat >tsa.cnf <<'C'
[ca]
default_ca = issue
[issue]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
x509_extensions = stamping
[any]
commonName = supplied
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamp]
serial = stamp.serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
digests = sha256
default_policy = 1.3.6.1.4.1.32473.1
C
: >index.txt; echo 01 >serial; echo 01 >stamp.serial
export OPENSSL_CONF=$t/tsa.cnf
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 \
  -config /dev/null -subj "/CN=Example CA" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config /dev/null -subj "/CN=Example TSA" 2>/dev/null
end=$(($(date +%s) + 10))
zulu() { date -u -d "@$1" +%y%m%d%H%M%SZ; }
openssl ca -batch -notext -cert ca.pem -keyfile ca.key -in tsa.csr -out tsa.pem \
  -startdate "$(zulu $((end - 3600)))" -enddate "$(zulu "$end")" 2>/dev/null

echo evidence >data
openssl ts -query -data data -sha256 -cert -out ask.tsq 2>/dev/null
verify() { openssl ts -verify -queryfile ask.tsq -in "$1" -CAfile ca.pem "${@:2}" 2>&1 | grep -o 'Verif[a-z]*\( error\)\?:.*' | tr '\n' ' '; }
openssl ts -reply -config tsa.cnf -section stamp -queryfile ask.tsq -out then.tsr 2>/dev/null
stamped=$(openssl ts -reply -in then.tsr -text 2>/dev/null | sed -n 's/^Time stamp: //p')
got=$(verify then.tsr); echo "before the end:            $got"
[ "$(date +%s)" -lt "$end" ] || { echo "too slow here, run again"; exit 3; }
[ "$got" = "Verification: OK " ] || changed "the good token does not verify"

while [ "$(date +%s)" -le $((end + 1)) ]; do sleep 0.5; done
got=$(verify then.tsr); echo "after it:                  $got"
case $got in *"certificate has expired"*"Verification: FAILED "*) ;; *) changed "the token of then is no longer refused" ;; esac
got=$(verify then.tsr -attime "$(date -d "$stamped" +%s)"); echo "after it, -attime stamped: $got"
[ "$got" = "Verification: OK " ] || changed "-attime does not help"

openssl ts -reply -config tsa.cnf -section stamp -queryfile ask.tsq -out late.tsr 2>/dev/null || changed "ts -reply refuses"
got=$(openssl ts -reply -in late.tsr -text 2>/dev/null | grep '^Status:'); echo "ts -reply after it:        $got"
[ "$got" = "Status: Granted." ] || changed "ts -reply does not grant"
echo "as stated"
