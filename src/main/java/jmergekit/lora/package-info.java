/// Adapters as outputs. Extracts them: decides which parts of a fine-tune become low-rank factors
/// and which are kept whole, and writes both in the format of the PEFT library. Also merges
/// adapters with each other: the sum of their products is exactly the product of their concatenated
/// factors, so no model is needed.
@org.jspecify.annotations.NullMarked
package jmergekit.lora;
