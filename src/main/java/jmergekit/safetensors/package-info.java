/// The safetensors format: headers are read and checked, and laid out for files to be written. The
/// package knows names, dtypes, shapes and offsets, and nothing about what a tensor means.
///
/// Source: the format's README, <https://github.com/huggingface/safetensors>.
@org.jspecify.annotations.NullMarked
package jmergekit.safetensors;
