/// The primitives on NVIDIA GPUs, through the CUDA driver's own library, which every NVIDIA driver
/// brings along. The only room that calls native code.
///
/// Source: *CUDA Driver API*, <https://docs.nvidia.com/cuda/cuda-driver-api/>.
@org.jspecify.annotations.NullMarked
package jmergekit.cuda;
