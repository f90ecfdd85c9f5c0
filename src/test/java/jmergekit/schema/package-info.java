/// That the schemas for editors say what the parser does, told by a validator that is not ours.
@org.jspecify.annotations.NullMarked
package jmergekit.schema;
