#!/bin/sh
# Checks an unpacked packet with nothing but coreutils and openssl: manifests, the seal's signature, the entries' proofs,
# the payload against the entry packet.build, time stamps, the signature where the log names a signer. Usage: check.sh FOLDER [ROOT.pem]. Exit 0: all holds.
set -eu
export LC_ALL=C.UTF-8
cd "$1"
root=${2:-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad() { echo "check: $*" >&2; exit 1; }
entries=data/07_監管鏈/custody.jsonl
proofs=data/07_監管鏈/proofs.json

# 1. Manifests, and nothing beside what they list.
for m in sha256:tagmanifest-sha256.txt sha256:manifest-sha256.txt sha512:manifest-sha512.txt; do
	"${m%%:*}sum" --quiet --strict -c "${m#*:}" >&2 || bad "${m#*:}"
done
signer=$(grep '"action":"packet.build"' "$entries" | sed -n 's/.*"bag:Signer-Certificate-SHA256":"\([0-9a-f]*\)".*/\1/p')
find . ! -type d ! -path ./tagmanifest-sha256.txt | if [ -n "$signer" ]; then grep -vx ./signature.p7s; else cat; fi | sed 's|^\./||' | sort >"$tmp/there"
cat manifest-sha256.txt tagmanifest-sha256.txt | cut -c67- | sort >"$tmp/listed"
cmp -s "$tmp/there" "$tmp/listed" || bad "files that no manifest lists: $(comm -23 "$tmp/there" "$tmp/listed" | head -3)"
[ "$(cut -c67- manifest-sha256.txt)" = "$(cut -c131- manifest-sha512.txt)" ] || bad "the manifests list different files"

# 2. The seal: Ed25519 over its first three lines, by the key that the first entry names.
head -n 1 "$entries" | grep -q '^{"number":1,.*"action":"case.create"' || bad "the first entry is missing"
key=$(head -n 1 "$entries" | sed -n 's/.*"public_key":"\([^"]*\)".*/\1/p')
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf %s "${key#*+*+}" | base64 -d | tail -c +2; } >"$tmp/key.der"
head -n 3 seal.txt >"$tmp/signed"
tail -n 1 seal.txt | sed 's/.* //' | base64 -d | tail -c 64 >"$tmp/sig"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$tmp/key.der" -rawin -in "$tmp/signed" -sigfile "$tmp/sig" >/dev/null 2>&1 || bad "signature of seal.txt"

# 3. Each entry leads to the seal's root (RFC 9162, 2.1.3.2).
hash() { openssl dgst -sha256 -binary; }
size=$(sed -n 2p seal.txt)
sed -n 3p seal.txt | base64 -d >"$tmp/root"
sed -n 's/^{"number":\([0-9]*\),"hashes":\[\(.*\)\]},\{0,1\}$/\1 \2/p' "$proofs" | tr -d '"' | tr , ' ' >"$tmp/proofs"
[ "$(wc -l <"$tmp/proofs")" = "$(wc -l <"$entries")" ] || bad "not one proof for each entry"
while IFS= read -r line <&3; do
	read -r number path <&4
	case $line in "{\"number\":$number,"*) ;; *) bad "proof of entry $number is out of place" ;; esac
	fn=$((number - 1)) sn=$((size - 1))
	{ printf '\000'; printf %s "$line"; } | hash >"$tmp/r"
	for p in $path; do
		printf %s "$p" | base64 -d >"$tmp/p"
		[ $sn -gt 0 ] || bad "proof of entry $number"
		if [ $((fn % 2)) = 1 ] || [ $fn = $sn ]; then
			{ printf '\001'; cat "$tmp/p" "$tmp/r"; } | hash >"$tmp/n"
			while [ $((fn % 2)) = 0 ] && [ $fn != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
		else
			{ printf '\001'; cat "$tmp/r" "$tmp/p"; } | hash >"$tmp/n"
		fi
		mv "$tmp/n" "$tmp/r"
		fn=$((fn / 2)) sn=$((sn / 2))
	done
	[ $sn = 0 ] && cmp -s "$tmp/r" "$tmp/root" || bad "entry $number is not under the seal"
done 3<"$entries" 4<"$tmp/proofs"

# 4. The payload is what the entry packet.build lists: sizes and hashes, no file more, none less.
[ "$(grep -c '"action":"packet.build"' "$entries")" = 1 ] || bad "not one entry packet.build"
grep '"action":"packet.build"' "$entries" | grep -o '{"name":"[^"]*","media_type":"[^"]*","size":[0-9]*,"sha256":"[0-9a-f]*"}' |
	sed 's/{"name":"\([^"]*\)".*"sha256":"\([0-9a-f]*\)"}/\2  data\/\1/' | sort >"$tmp/build"
grep -v -e "  $entries\$" -e "  $proofs\$" manifest-sha256.txt | sort | cmp -s - "$tmp/build" || bad "the payload is not what packet.build lists"

# 5. The time stamps.
for stamp in *.tsr; do
	[ -e "$stamp" ] && [ -n "$root" ] || continue
	# At the stamped time: certificates end, stamps stay good.
	at=$(date -u -d "$(openssl ts -reply -in "$stamp" -text 2>/dev/null | sed -n 's/^Time stamp: //p')" +%s) || bad "$stamp"
	openssl ts -verify -attime "$at" -data seal.txt -in "$stamp" -CAfile "$root" >/dev/null 2>&1 || bad "$stamp"
done

# 6. The signature over the list of the tag files, which is the one file that it does not name. Whose certificate it is, the log says.
if [ -n "$signer" ]; then
	openssl cms -verify -binary -inform DER -in signature.p7s -content tagmanifest-sha256.txt -noverify -signer "$tmp/signer.pem" -out "$tmp/list" 2>/dev/null &&
		[ "$(openssl x509 -in "$tmp/signer.pem" -outform DER | sha256sum | cut -c-64)" = "$signer" ] || bad "signature.p7s"
fi
echo "check: all holds"
