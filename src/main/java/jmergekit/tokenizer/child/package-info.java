/// The program that runs the native tokenizers library, in a process of its own: what the library
/// does to that process, the merge survives.
@NullMarked
package jmergekit.tokenizer.child;

import org.jspecify.annotations.NullMarked;
