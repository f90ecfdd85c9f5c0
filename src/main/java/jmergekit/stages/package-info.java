/// Several recipes of one file, of which some use what others make: their order, and their plans, one
/// inside the other or from folders.
@org.jspecify.annotations.NullMarked
package jmergekit.stages;
