/// The program that runs the native tokenizers library in a separate process: if the library
/// crashes it, the merge continues.
@NullMarked
package jmergekit.tokenizer.child;

import org.jspecify.annotations.NullMarked;
