/// What the user wrote: a recipe as immutable records, nothing resolved, every value with its
/// place. The only room that reads YAML; whether methods, models and layers exist is decided
/// elsewhere.
@org.jspecify.annotations.NullMarked
package jmergekit.config;
