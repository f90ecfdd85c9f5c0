/// Jobs on Apache Spark. A program without Spark loads no class of it.
@org.jspecify.annotations.NullMarked
package jmergekit.spark;
