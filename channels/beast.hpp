#pragma once

// Beast takes half a minute to compile: only http_session.cpp, listener.cpp and web_socket.cpp
// include this.

#include "channels/asio.hpp"

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace wasl::channels {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

/// A TCP stream with a deadline: what HTTP is read from.
using HttpStream = beast::basic_stream<tcp, Executor>;
using BeastRequest = http::request<http::string_body>;

}  // namespace wasl::channels
