/// Tokenizers as described by their files: the ids of tokens, the vocabulary of a merged model and
/// its files, the origin of each of its embedding rows, and the equal tokens of two vocabularies.
/// The tokenizers library is used only to turn texts into tokens.
@org.jspecify.annotations.NullMarked
package jmergekit.tokenizer;
