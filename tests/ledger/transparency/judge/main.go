// Judges notes and proofs with Go's own packages, which share nothing with this project.
//
// Each line of the input is a task of tab-separated fields, texts and hashes in base64; each line of the output says
// "ok" or "refused".
//
//	note    text  key
//	entry   index size root leaf hash,hash,...
//	growth  old   new  oldroot newroot hash,hash,...
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func bytesOf(field string) []byte {
	data, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		panic(err)
	}
	return data
}

func hashOf(field string) (hash tlog.Hash) {
	copy(hash[:], bytesOf(field))
	return hash
}

func hashesOf(field string) (hashes []tlog.Hash) {
	for _, one := range strings.Split(field, ",") {
		if one != "" {
			hashes = append(hashes, hashOf(one))
		}
	}
	return hashes
}

func number(field string) int64 {
	found, err := strconv.ParseInt(field, 10, 64)
	if err != nil {
		panic(err)
	}
	return found
}

func judge(fields []string) error {
	switch fields[0] {
	case "note":
		verifier, err := note.NewVerifier(string(bytesOf(fields[2])))
		if err != nil {
			return err
		}
		_, err = note.Open(bytesOf(fields[1]), note.VerifierList(verifier))
		return err
	case "entry":
		return tlog.CheckRecord(hashesOf(fields[5]), number(fields[2]), hashOf(fields[3]), number(fields[1]), hashOf(fields[4]))
	case "growth":
		return tlog.CheckTree(hashesOf(fields[5]), number(fields[2]), hashOf(fields[4]), number(fields[1]), hashOf(fields[3]))
	}
	panic("unknown task " + fields[0])
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for lines.Scan() {
		if err := judge(strings.Split(lines.Text(), "\t")); err != nil {
			fmt.Println("refused")
		} else {
			fmt.Println("ok")
		}
	}
}
