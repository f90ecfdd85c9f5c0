/// Jobs on Apache Spark. Without Spark, a program does not load any class of this package.
@org.jspecify.annotations.NullMarked
package jmergekit.spark;
