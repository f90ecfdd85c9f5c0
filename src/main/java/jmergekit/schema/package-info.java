/// JSON schemas of recipes for editors, generated from the keys that `config` reads and the
/// parameters of methods.
@org.jspecify.annotations.NullMarked
package jmergekit.schema;
