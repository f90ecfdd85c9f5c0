/// Adapters as outputs. Extracts them: what of a fine-tune becomes low-rank factors, what is kept
/// whole, and how both are written in the format of the PEFT library. And merges them with each
/// other: the sum of their products is exactly the product of their factors put together, so that no
/// model is needed.
@org.jspecify.annotations.NullMarked
package jmergekit.lora;
