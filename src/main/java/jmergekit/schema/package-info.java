/// Recipes as JSON Schema, for editors: made of the keys that `config` reads and the parameters that
/// methods have.
@org.jspecify.annotations.NullMarked
package jmergekit.schema;
