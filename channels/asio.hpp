#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

/// Our names for Asio's types: everything runs on a plain io_context, so its executor is spelled
/// out, which spares the type-erased one's cost on every operation.
namespace wasl::channels {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using ErrorCode = boost::system::error_code;
using Executor = net::io_context::executor_type;
using TcpSocket = net::basic_stream_socket<tcp, Executor>;
using Acceptor = net::basic_socket_acceptor<tcp, Executor>;
using Timer = net::basic_waitable_timer<std::chrono::steady_clock,
                                        net::wait_traits<std::chrono::steady_clock>, Executor>;

template <typename T>
using Task = net::awaitable<T, Executor>;

/// `co_await x(…, kNoThrow)` gives [error, values…].
inline constexpr net::as_tuple_t<net::use_awaitable_t<Executor>> kNoThrow{};

}  // namespace wasl::channels
