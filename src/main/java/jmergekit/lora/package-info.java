/// Extracts adapters: what of a fine-tune becomes low-rank factors, what is kept whole, and how both
/// are written as an adapter in the format of the PEFT library. The factorisation is elsewhere.
@org.jspecify.annotations.NullMarked
package jmergekit.lora;
