// What Telegraf's own stream parser makes of some texts, in the JSON of `forecastd inspect`.
//
// Standard input is a sequence of texts, each behind its length in decimal and a newline. For each text one line is
// printed: a JSON list with an object for every point and every error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/influxdata/telegraf/plugins/parsers/influx"
)

// The time that points without one are given; it is not among those of the generated texts.
var noTime = time.Unix(0, 1234567890123456789)

type value struct {
	Type  string `json:"type"`
	Value any    `json:"value"`
}

// hangs reports whether the parser would read the end of a text for ever: a final CR, or a backslash as the last byte.
func hangs(text []byte) bool {
	return bytes.HasSuffix(text, []byte("\r")) || bytes.HasSuffix(text, []byte(`\`))
}

// escaped gives bytes that are not UTF-8 a form that JSON can carry: a private character before the byte's two digits.
func escaped(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, "\U0010fffd%02x", s[0])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

func typed(v any) value {
	switch v := v.(type) {
	case float64:
		return value{"float", json.RawMessage(strconv.FormatFloat(v, 'e', -1, 64))} // keeps -0
	case int64:
		return value{"int", v}
	case uint64:
		return value{"uint", v}
	case bool:
		return value{"bool", v}
	default:
		return value{"string", escaped(v.(string))}
	}
}

func results(text []byte) []any {
	list := []any{}
	if hangs(text) {
		return append(list, map[string]any{"hangs": true})
	}
	parser := influx.NewStreamParser(bytes.NewReader(text))
	parser.SetTimeFunc(func() time.Time { return noTime })
	for {
		metric, err := parser.Next()
		if errors.Is(err, influx.EOF) {
			return list
		}
		if err != nil {
			list = append(list, map[string]any{"error": err.Error()})
			continue
		}
		tags := map[string]string{}
		for _, tag := range metric.TagList() {
			tags[escaped(tag.Key)] = escaped(tag.Value)
		}
		fields := map[string]value{}
		for _, field := range metric.FieldList() {
			fields[escaped(field.Key)] = typed(field.Value)
		}
		var ns any
		if !metric.Time().Equal(noTime) {
			ns = metric.Time().UnixNano()
		}
		list = append(list, map[string]any{
			"measurement": escaped(metric.Name()), "tags": tags, "fields": fields, "time": ns})
	}
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for {
		var length int
		if _, err := fmt.Fscanf(in, "%d\n", &length); err != nil {
			return
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			fmt.Fprintln(os.Stderr, "a text is shorter than its length says:", err)
			os.Exit(1)
		}
		if err := encoder.Encode(results(text)); err != nil {
			fmt.Fprintln(os.Stderr, "a result has no JSON form:", err)
			os.Exit(1)
		}
	}
}
