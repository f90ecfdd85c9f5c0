/// Tokenizers as their files describe them: which token has which id, the vocabulary of a merged
/// model and the files that say so, and where each of its embedding rows comes from. The tokenizers
/// library turns prompts into tokens here, and nothing else.
@org.jspecify.annotations.NullMarked
package jmergekit.tokenizer;
