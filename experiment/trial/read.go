package trial

import (
	"tritloom/internal/container"
	"tritloom/internal/strictyaml"
)

// Read reads a hand-written file of trials, which may be hostile.
func Read(form strictyaml.Form, file string) (*strictyaml.Document, error) {
	text, err := container.ReadText(file, "a "+form.Name+", such as "+form.Example, strictyaml.MaxFileBytes)
	if err != nil {
		return nil, err
	}
	return strictyaml.Read(form, file, text)
}
