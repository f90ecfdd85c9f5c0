/// How good a model is: tasks, and the ways to score a model on them.
@org.jspecify.annotations.NullMarked
package jmergekit.evaluate;
