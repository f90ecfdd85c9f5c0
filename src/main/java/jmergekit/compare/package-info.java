/// Comparing models: measurements of their tensors, and differences in their other files.
@org.jspecify.annotations.NullMarked
package jmergekit.compare;
