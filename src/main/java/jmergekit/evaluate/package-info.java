/// Measures how good a model is: tasks, and the evaluators that score a model on them.
@org.jspecify.annotations.NullMarked
package jmergekit.evaluate;
