/// The safetensors format: headers read and checked, and laid out for files that are written. It knows names,
/// dtypes, shapes and offsets, and nothing of what a tensor means.
///
/// Source: the format's README, <https://github.com/huggingface/safetensors>.
@org.jspecify.annotations.NullMarked
package jmergekit.safetensors;
