/// Merges adapters with each other: the sum of their products is exactly the product of their factors
/// put together, so that an adapter comes out and no model is needed.
@org.jspecify.annotations.NullMarked
package jmergekit.lora;
