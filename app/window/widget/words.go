package widget

// Words is what everything in the window speaks with: texts by key, with places filled by pairs of name and value.
type Words interface {
	T(key string, pairs ...any) string
	Has(key string) bool
}
