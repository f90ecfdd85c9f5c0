/// Models that are given the tokenizer of another one: which tokens both have, and how the rows of
/// embeddings and heads are approximated for the others. Copying is done by the engine.
@org.jspecify.annotations.NullMarked
package jmergekit.transplant;
