/// Models that get the tokenizer of another model: which tokens both have, and how the rows of
/// embeddings and heads are approximated for the others. The engine copies the rest.
@org.jspecify.annotations.NullMarked
package jmergekit.transplant;
