/// Tokenizers as their files describe them: which token has which id, the vocabulary of a merged
/// model and the files that say so, and where each of its embedding rows comes from. No text is
/// tokenized here.
@org.jspecify.annotations.NullMarked
package jmergekit.tokenizer;
